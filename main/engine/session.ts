/** Owns one generation: evaluates the prompt, collects the reply's text, stops; never picks a token. */
import { createHash } from 'node:crypto';
import type { Token } from 'node-llama-cpp';
import type { ReplyOrigin, ReplyStats, StopReason } from '../../preload/contract/chats.js';
import type { Frame, GenerateRequest } from '../../preload/contract/engine.js';
import { changedSampling, type Sampling } from '../../preload/contract/parameters.js';
import { readConstraints, type Constraints } from './constraints/constraints.js';
import { Decoder } from './decoding.js';
import { FrameBatcher, gpuFrameMs } from './frames.js';
import type { GuessCount } from './guessing/guessed-tokens.js';
import { startGuidance } from './guidance.js';
import { guardOf, type Trouble } from './guard/guard.js';
import type { EngineModel } from './model.js';
import { Pace, wait } from './pace.js';
import { fitRequest } from './prompt-plan.js';
import { readPrompt } from './prompt-reading.js';
import { ReplyText } from './reply-text.js';
import { ThreadRuns } from './thread-runs.js';
import { seedOf } from './samplers/random.js';
import { templateOf } from './templates/dialogue.js';
import { stopTokens } from './tokens.js';
import { WrittenTokens } from './written-tokens.js';

export type GenerationEvents = {
  frame(frame: Frame): void;
  checkpoint(text: string, stats: ReplyStats): void;
};

export type Generated = { readonly text: string; readonly stats: ReplyStats; readonly prompt: string };

const checkpointMs = 1000;

/**
 * Runs a request to its end. Cancelling ends it with what is there and the reason `stopped`.
 * @throws AppError prompt-too-long, bad-input for demands that can't be followed; whatever llama.cpp throws otherwise
 */
export async function generate(
  engine: EngineModel,
  request: GenerateRequest,
  events: GenerationEvents,
  signal: AbortSignal,
): Promise<Generated> {
  const run = new Generation(engine, request, events, signal);
  return run.result();
}

class Generation {
  readonly #engine: EngineModel;
  readonly #request: GenerateRequest;
  readonly #events: GenerationEvents;
  readonly #signal: AbortSignal;
  readonly #seed: number;
  readonly #startedMs = performance.now();
  readonly #prompt: readonly Token[];
  readonly #omitted: number;
  #reused = 0;
  #reusedFrom: ReplyStats['reusedFrom'] = 'memory';
  /** Threads are known when all is written. */
  #origin: Omit<ReplyOrigin, 'threads'> | null = null;
  readonly #threads: ThreadRuns;
  #guesses: GuessCount = { made: 0, taken: 0 };
  #trouble: Trouble | null = null;
  #text = '';
  /** Null where nobody asked for them. */
  readonly #written: WrittenTokens | null;
  #tokens = 0;
  #readingMs = 0;
  #firstTokenMs: number | null = null;
  #lastTokenMs = 0;
  /** When the page was last told how far the prompt is read. */
  #toldMs = this.#startedMs;

  constructor(engine: EngineModel, request: GenerateRequest, events: GenerationEvents, signal: AbortSignal) {
    this.#engine = engine;
    this.#request = request;
    this.#events = events;
    this.#signal = signal;
    this.#threads = new ThreadRuns(request.threads);
    this.#seed = seedOf(request.sampling.seed);
    const { tokens, omitted } = fitRequest(engine, request.prompt, request.sampling);
    this.#prompt = tokens;
    this.#omitted = omitted;
    this.#written = request.topTokens === undefined ? null : new WrittenTokens(engine, request.topTokens);
  }

  async result(): Promise<Generated> {
    const constraints = await readConstraints(this.#request.sampling, this.#engine);
    const reason = (await this.#readPrompt()) ? await this.#write(constraints) : 'stopped';
    const prompt = this.#engine.model.detokenize([...this.#prompt], true);
    return { text: this.#text, stats: this.#stats(reason), prompt };
  }

  /** Evaluates the prompt, all but its last token; false when stopped. */
  async #readPrompt(): Promise<boolean> {
    const { batches = null, incognito: isIncognito = false } = this.#request;
    const body = this.#prompt.slice(0, -1);
    const found = await readPrompt(this.#engine, body, {
      batches,
      isIncognito,
      onProgress: (done) => this.#tellProgress(done, body.length),
      signal: this.#signal,
    });
    if (found !== null)
      ({ reused: this.#reused, from: this.#reusedFrom, elapsedMs: this.#readingMs } = found);
    this.#origin = originOf(this.#engine, this.#request.sampling, this.#prompt);
    return found !== null;
  }

  /** No more often than text is shown: what paints it takes the cores from the model too. */
  #tellProgress(done: number, total: number): void {
    const nowMs = performance.now();
    if (nowMs - this.#toldMs < this.#frameIntervalMs) return;
    this.#toldMs = nowMs;
    this.#events.frame({ kind: 'prefill', runId: this.#request.runId, done, total });
  }

  /** Least time between two frames for the page. */
  get #frameIntervalMs(): number {
    return this.#engine.info.gpu === null ? (this.#request.frameIntervalMs ?? 0) : gpuFrameMs;
  }

  async #write(constraints: Constraints): Promise<StopReason> {
    const { model } = this.#engine;
    const { sampling, prompt, runId, conversation } = this.#request;
    const text = new ReplyText(
      {
        detokenize: (tokens, last) => model.detokenize(tokens, !sampling.skip_special_tokens, last),
        stops: [...this.#templateStops(), ...constraints.stops],
        bannedStrings: constraints.bannedStrings,
      },
      this.#prompt,
    );
    const send = (offset: number, piece: string) => {
      const tokens = this.#written === null ? {} : { tokens: this.#written.take() };
      const tokensPerSecond = this.#speed();
      this.#events.frame({ kind: 'text', runId, offset, text: piece, ...tokens, tokensPerSecond });
    };
    const batcher = new FrameBatcher(this.#frameIntervalMs, send);
    const add = (piece: string) => {
      this.#text += piece;
      batcher.push(piece, performance.now());
    };
    const decoder = new Decoder(this.#engine, {
      sampling,
      constraints,
      seed: this.#seed,
      prompt: this.#prompt,
      guidance: await startGuidance(this.#engine, {
        ...{ prompt, tokens: this.#prompt, sampling, signal: this.#signal },
      }),
      tellsGiven: this.#written !== null,
    });
    this.#guesses = decoder.guesses;
    try {
      if (decoder.guessing) await this.#engine.draft?.read(this.#prompt.slice(0, -1), this.#signal);
      if (this.#signal.aborted) return 'stopped';
      const reason = await this.#writeTokens(decoder, text, add, () => batcher.flush(performance.now()));
      if (reason !== 'stop-string') {
        this.#written?.release();
        add(text.flush());
      }
      return reason;
    } finally {
      if (conversation !== undefined) this.#engine.sent.remember(conversation, [...decoder.history]);
      await decoder.close();
      batcher.flush(performance.now());
      // Those that bring no text.
      if (this.#written?.hasMore === true) send(this.#text.length, '');
    }
  }

  async #writeTokens(
    decoder: Decoder,
    text: ReplyText,
    add: (piece: string) => void,
    show: () => void,
  ): Promise<StopReason> {
    const { sampling, cutAfterTokens = Infinity } = this.#request;
    const { max_new_tokens, max_tokens_second } = sampling;
    const endTokens = stopTokens(this.#templateStops(), this.#engine.vocabulary);
    const maxTokens = Math.min(max_new_tokens > 0 ? max_new_tokens : Infinity, cutAfterTokens);
    const pace = new Pace(max_tokens_second);
    const { compute } = this.#engine;
    const guard = guardOf(this.#request);
    let lastCheckpointMs = performance.now();
    for (;;) {
      const delayMs = pace.delayMs(this.#tokens, performance.now());
      if (delayMs > 0) {
        show();
        await wait(delayMs, this.#signal);
      }
      const held = this.#threads.next;
      const token = await (decoder.guessing
        ? compute.writeGuessed(() => decoder.next(), held)
        : compute.write(() => decoder.next(), held));
      this.#threads.add(compute.threads);
      if (token === null || endTokens.has(token)) return 'end';
      const nowMs = performance.now();
      this.#firstTokenMs ??= nowMs;
      this.#lastTokenMs = nowMs;
      this.#tokens++;
      this.#written?.add(decoder.history, decoder.given);
      const { text: certain, stopped, banned } = text.push(token);
      if (!stopped && text.isCertain) this.#written?.release();
      add(certain);
      if (stopped) return 'stop-string';
      this.#trouble = guard?.push(certain) ?? null;
      if (this.#trouble !== null) return this.#trouble.reason;
      if (banned !== null) {
        const left = await decoder.avoid(banned);
        this.#written?.takeBack(this.#tokens - (left ?? banned.firstPlace));
        this.#tokens = left ?? banned.firstPlace;
        text.rewind(decoder.history, this.#tokens);
        if (left === null) return 'banned-string';
      }
      if (this.#signal.aborted) return 'stopped';
      if (this.#tokens >= maxTokens) return 'max-tokens';
      // The next token must still have a place.
      if (this.#engine.sequence.nextTokenIndex + 1 >= this.#engine.info.contextSize) return 'context-full';
      if (nowMs - lastCheckpointMs >= checkpointMs) {
        lastCheckpointMs = nowMs;
        this.#events.checkpoint(this.#text, this.#stats('partial'));
      }
    }
  }

  /** Texts of the template at which the turn ends that is written; a text outside turns has none. */
  #templateStops(): readonly string[] {
    const { prompt } = this.#request;
    if (prompt.kind !== 'chat') return [];
    const { stops, userStops } = templateOf(this.#engine.template, prompt);
    return prompt.messages.at(-1)?.isOpen === true ? userStops : stops;
  }

  /** Tokens a second of writing, the first token apart: it belongs to reading the prompt. */
  #speed(): number {
    const elapsedMs = this.#lastTokenMs - (this.#firstTokenMs ?? 0);
    return this.#tokens > 1 && elapsedMs > 0 ? ((this.#tokens - 1) * 1000) / elapsedMs : 0;
  }

  #stats(stopReason: StopReason): ReplyStats {
    const { info, sequence } = this.#engine;
    return {
      stopReason,
      promptTokens: this.#prompt.length,
      reusedTokens: this.#reused,
      reusedFrom: this.#reusedFrom,
      tokens: this.#tokens,
      guessesMade: this.#guesses.made,
      guessesTaken: this.#guesses.taken,
      tokensPerSecond: this.#speed(),
      timeToFirstTokenMs: (this.#firstTokenMs ?? performance.now()) - this.#startedMs,
      readingMs: this.#readingMs,
      contextUsed: sequence.nextTokenIndex,
      contextSize: info.contextSize,
      omittedMessages: this.#omitted,
      seed: this.#seed,
      template: info.template.id,
      ...(this.#trouble === null ? {} : { troubleFrom: this.#trouble.from }),
      origin: this.#origin && { ...this.#origin, threads: this.#threads.runs },
    };
  }
}

/** Once the prompt but its last token is evaluated. */
function originOf(
  { info, batchLog }: EngineModel,
  sampling: Sampling,
  prompt: readonly Token[],
): Omit<ReplyOrigin, 'threads'> {
  return {
    sampling: changedSampling(sampling),
    model: { name: info.name, ...info.identity },
    engine: info.engine,
    gpu: info.gpu,
    promptHash: createHash('sha256').update(Uint32Array.from(prompt)).digest('hex'),
    batches: batchLog.batches,
    baseLength: 0,
  };
}
