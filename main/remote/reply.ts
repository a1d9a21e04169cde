/** Owns one reply of a server: asks for it, tries again before its first word, reads it to its end; never decides what is asked. */
import { t } from '../../preload/contract/language.js';
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ReplyStats, StopReason } from '../../preload/contract/chats.js';
import type { GenerateRequest } from '../../preload/contract/engine.js';
import { AppError } from '../../preload/contract/errors.js';
import { changedSampling } from '../../preload/contract/parameters.js';
import { knownServers } from '../../preload/contract/server-kinds.js';
import { parseStrings } from '../../preload/contract/text-formats.js';
import { refusal, tooLong } from '../engine/budget.js';
import { FrameBatcher } from '../engine/frames.js';
import { guardOf, type ReplyGuard, type Trouble } from '../engine/guard/guard.js';
import { seedOf } from '../engine/samplers/random.js';
import type { Generated, GenerationEvents } from '../engine/session.js';
import { StopMatcher } from '../engine/stops.js';
import { readChunk, type Chunk } from './chunk.js';
import type { ConnectedModel } from './connected-model.js';
import { countExactly } from './counting.js';
import { eventData, wholeData } from './events.js';
import { samplingFields } from './fields.js';
import { ServerRefusal } from './refusal.js';
import { fitForServer, textOf, type FittedPrompt } from './sent-prompt.js';

const checkpointMs = 1000;
/** Before each try after the first. */
const backOffMs = [500, 1000, 2000, 4000];
/** A server that asks for a longer wait is not waited for. */
const longestWaitMs = 60_000;
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Runs a request to its end. Stopping ends it with what is there and the reason `stopped`.
 * @throws AppError prompt-too-long; network-failed or server-refused, once trying again does not help or the reply has begun
 */
export function writeRemotely(
  model: ConnectedModel,
  request: GenerateRequest,
  events: GenerationEvents,
  signal: AbortSignal,
): Promise<Generated> {
  return new RemoteReply(model, request, events, signal).result();
}

class RemoteReply {
  readonly #model: ConnectedModel;
  readonly #request: GenerateRequest;
  readonly #events: GenerationEvents;
  readonly #signal: AbortSignal;
  readonly #seed: number;
  readonly #startedMs = performance.now();
  readonly #batcher: FrameBatcher;
  readonly #guard: ReplyGuard | null;
  #prompt: FittedPrompt | null = null;
  #text = '';
  #isThinking = false;
  #trouble: Trouble | null = null;
  #firstMs: number | null = null;
  #lastMs = 0;
  #savedMs = 0;
  #pieces = 0;
  /** What the server counted; null where it does not. */
  #counted: Pick<Chunk, 'promptTokens' | 'tokens' | 'reusedTokens' | 'tokensPerSecond'> = {
    ...{ promptTokens: null, tokens: null, reusedTokens: null, tokensPerSecond: null },
  };

  constructor(
    model: ConnectedModel,
    request: GenerateRequest,
    events: GenerationEvents,
    signal: AbortSignal,
  ) {
    this.#model = model;
    this.#request = request;
    this.#events = events;
    this.#signal = signal;
    const { sampling, frameIntervalMs = 0, runId } = request;
    this.#seed = seedOf(sampling.seed);
    this.#guard = guardOf(request);
    this.#batcher = new FrameBatcher(frameIntervalMs, (offset, text) =>
      events.frame({ kind: 'text', runId, offset, text, tokensPerSecond: this.#speed() }),
    );
  }

  async result(): Promise<Generated> {
    try {
      const prompt = await this.#fit();
      this.#prompt = prompt;
      const reason = await this.#ask(prompt);
      return { text: this.#text, stats: this.#stats(reason), prompt: textOf(prompt.sent) };
    } catch (thrown) {
      if (!this.#signal.aborted || this.#prompt === null) throw thrown;
      return { text: this.#text, stats: this.#stats('stopped'), prompt: textOf(this.#prompt.sent) };
    } finally {
      this.#batcher.flush(performance.now());
    }
  }

  async #fit(): Promise<FittedPrompt> {
    const { prompt, sampling } = this.#request;
    const fitted = await countExactly(
      this.#model,
      () => fitForServer(this.#model.writing, prompt, sampling.max_new_tokens),
      this.#signal,
    );
    const { plan } = fitted;
    const refused = prompt.kind === 'chat' ? refusal(prompt, plan) : null;
    if (refused !== null) throw refused;
    if (plan.overTokens > 0) throw tooLong('text', plan.overTokens, plan.contextSize - plan.reserveTokens);
    return fitted;
  }

  /** Until the first word nothing is lost by asking again. */
  async #ask(prompt: FittedPrompt): Promise<StopReason> {
    for (let tries = 0; ; tries++) {
      try {
        return await this.#read(prompt);
      } catch (thrown) {
        const waitMs = backOffMs[tries];
        if (this.#text !== '' || waitMs === undefined || this.#signal.aborted || !isPassing(thrown))
          throw thrown;
        const asked = thrown instanceof ServerRefusal ? (thrown.retryAfterMs ?? 0) : 0;
        if (asked > longestWaitMs) throw thrown;
        await delay(Math.max(asked, waitMs), undefined, { signal: this.#signal });
      }
    }
  }

  async #read(prompt: FittedPrompt): Promise<StopReason> {
    const { server, facts, info } = this.#model;
    const { custom_stopping_strings } = this.#request.sampling;
    const stops = [...prompt.sent.stops, ...(parseStrings(custom_stopping_strings) ?? [])];
    const place = prompt.sent.kind === 'text' ? 'completions' : 'chat/completions';
    // What is written after a stop of ours, or in a loop, is not waited for.
    const leaving = new AbortController();
    const signal = AbortSignal.any([this.#signal, leaving.signal]);
    const answer = await server.write(`${facts.apiUrl}/${place}`, {
      json: this.#body(prompt, stops),
      cause: t('A reply by {name}', { name: info.name }),
      signal,
    });
    const matcher = new StopMatcher(stops);
    let finish: string | null = null;
    try {
      const isStream = answer.header('content-type')?.includes('json') !== true;
      for await (const data of isStream ? eventData(answer.body) : wholeData(answer.body)) {
        if (data === '[DONE]') break;
        const chunk = readChunk(data);
        if (chunk.error !== null)
          throw new ServerRefusal(answer.url.host, null, server.withoutKey(chunk.error));
        finish = chunk.finish ?? finish;
        this.#note(chunk);
        if (chunk.text === '' && chunk.thinking === '') continue;
        this.#count();
        if (chunk.thinking !== '')
          this.#add(this.#isThinking ? chunk.thinking : `<think>\n${chunk.thinking}`);
        this.#isThinking ||= chunk.thinking !== '';
        const { text, stopped } = matcher.push(chunk.text);
        this.#addAnswer(text);
        if (stopped) return 'stop-string';
        if (this.#trouble !== null) return this.#trouble.reason;
      }
    } catch (thrown) {
      const error = thrown instanceof AppError ? thrown : answer.failure(thrown);
      throw error.code === 'network-failed' && this.#text !== '' ? brokenOff(answer.url.host, error) : error;
    } finally {
      leaving.abort();
      answer.body.on('error', () => undefined).destroy();
    }
    if (finish === null && !this.#signal.aborted) throw brokenOff(answer.url.host);
    this.#addAnswer(matcher.flush());
    return this.#signal.aborted ? 'stopped' : this.#reasonOf(finish);
  }

  #body({ sent, plan }: FittedPrompt, stops: readonly string[]): object {
    const { id, facts } = this.#model;
    const { hasNoLimit, goOn } = knownServers[facts.kind];
    const fields = samplingFields(facts.kind, this.#request.sampling, this.#seed, stops);
    // Many servers end a text after 16 tokens when they are told no limit.
    const room =
      plan.contextSize -
      plan.promptTokens -
      (plan.isEstimate === true ? Math.ceil(plan.promptTokens / 10) + 32 : 8);
    const { cutAfterTokens, sampling } = this.#request;
    const wanted = cutAfterTokens ?? (sampling.max_new_tokens > 0 ? sampling.max_new_tokens : null);
    const limit = wanted ?? (sent.kind === 'text' && !hasNoLimit ? Math.max(1, room) : null);
    return {
      model: id,
      ...(sent.kind === 'text'
        ? { prompt: sent.text }
        : { messages: sent.messages, ...(sent.isOpen ? goOn : {}) }),
      ...{ stream: true, stream_options: { include_usage: true } },
      ...(facts.kind === 'llama.cpp' ? { return_progress: true, cache_prompt: true } : {}),
      ...fields,
      ...(limit === null ? {} : { max_tokens: limit }),
    };
  }

  #note({ promptTokens, tokens, reusedTokens, tokensPerSecond, progress }: Chunk): void {
    const before = this.#counted;
    this.#counted = {
      promptTokens: promptTokens ?? before.promptTokens,
      tokens: tokens ?? before.tokens,
      reusedTokens: reusedTokens ?? before.reusedTokens,
      tokensPerSecond: tokensPerSecond ?? before.tokensPerSecond,
    };
    if (progress !== null) this.#events.frame({ kind: 'prefill', runId: this.#request.runId, ...progress });
    if (promptTokens !== null) this.#learn(promptTokens);
  }

  #learn(promptTokens: number): void {
    const { sent } = this.#prompt!;
    this.#model.writing.estimate.learn(textOf(sent), promptTokens, sent.kind);
  }

  #count(): void {
    this.#lastMs = performance.now();
    this.#firstMs ??= this.#lastMs;
    this.#pieces++;
  }

  #addAnswer(text: string): void {
    if (text === '') return;
    if (this.#isThinking) this.#add('\n</think>\n\n');
    this.#isThinking = false;
    this.#add(text);
  }

  #add(text: string): void {
    this.#text += text;
    this.#trouble ??= this.#guard?.push(text) ?? null;
    const nowMs = performance.now();
    this.#batcher.push(text, nowMs);
    if (nowMs - this.#savedMs < checkpointMs) return;
    this.#savedMs = nowMs;
    this.#events.checkpoint(this.#text, this.#stats('partial'));
  }

  #reasonOf(finish: string | null): StopReason {
    const { max_new_tokens: limit } = this.#request.sampling;
    if (finish !== 'length') return 'end';
    return limit > 0 && this.#tokens >= limit ? 'max-tokens' : 'context-full';
  }

  get #tokens(): number {
    return this.#counted.tokens ?? this.#pieces;
  }

  /** The server's own measure where it tells it, else that of this side. */
  #speed(): number {
    const elapsedMs = this.#lastMs - (this.#firstMs ?? 0);
    const here = this.#pieces > 1 && elapsedMs > 0 ? ((this.#tokens - 1) * 1000) / elapsedMs : 0;
    return this.#counted.tokensPerSecond ?? here;
  }

  #stats(stopReason: StopReason): ReplyStats {
    const { plan, sent } = this.#prompt!;
    const { writing, info } = this.#model;
    const promptTokens = this.#counted.promptTokens ?? plan.promptTokens;
    return {
      ...{ stopReason, promptTokens, tokens: this.#tokens, tokensPerSecond: this.#speed() },
      ...{
        reusedTokens: this.#counted.reusedTokens ?? 0,
        reusedFrom: 'memory',
        guessesMade: 0,
        guessesTaken: 0,
      },
      timeToFirstTokenMs: (this.#firstMs ?? performance.now()) - this.#startedMs,
      ...{ contextUsed: promptTokens + this.#tokens, contextSize: writing.contextSize },
      omittedMessages: plan.leftOut.filter((reason) => reason === 'context-full').length,
      ...{ seed: this.#seed, template: info.template.id },
      ...(this.#trouble === null ? {} : { troubleFrom: this.#trouble.from }),
      origin: {
        sampling: changedSampling(this.#request.sampling),
        model: { name: this.#model.id, ...info.identity },
        ...{
          engine: info.engine,
          gpu: null,
          server: writing.host,
          batches: null,
          threads: [],
          baseLength: 0,
        },
        promptHash: createHash('sha256').update(textOf(sent)).digest('hex'),
      },
    };
  }
}

/** Whether asking again may help. */
function isPassing(thrown: unknown): boolean {
  if (thrown instanceof ServerRefusal) return thrown.status === null || passing.has(thrown.status);
  return AppError.from(thrown).code === 'network-failed';
}

/** @param cause absent where the server just said no more */
function brokenOff(host: string, cause?: AppError): AppError {
  return new AppError(
    {
      code: 'network-failed',
      message: t('The connection to {host} broke off in the middle of the reply.', { host }),
      hint: t('What was written is kept: continue it, or regenerate it.'),
      ...(cause === undefined ? {} : { details: cause.details ?? cause.message }),
    },
    { cause },
  );
}
