/** Owns the engine's side of the protocol: one model, one run after another; never touches Electron. */
import { t } from '../../preload/contract/language.js';
import type { Token } from 'node-llama-cpp';
import {
  engineCalls,
  engineRequestSchema,
  type EngineCall,
  type EngineInput,
  type EngineMessage,
  type EngineOutput,
  type Frame,
  type GenerateRequest,
  type LoadRequest,
} from '../../preload/contract/engine.js';
import type { Probe } from '../../preload/contract/doctor.js';
import { speakLanguage } from '../../preload/contract/catalogues.js';
import { AppError } from '../../preload/contract/errors.js';
import type { LoadedModel } from '../../preload/contract/models.js';
import { inspectPrompt, promptText, tokensOfPrompt } from './doctor/inspect.js';
import { probe } from './doctor/probe.js';
import type { Perplexity, StageShares } from '../../preload/contract/tokens.js';
import { forwardOnly } from './load-progress.js';
import { isGpuLost } from './death.js';
import { loadCancelled, loadModel, type EngineModel } from './model.js';
import { nextTokens } from './next-tokens.js';
import { perplexity } from './perplexity.js';
import { embed } from './embeddings.js';
import { fitPrompt, segmentsOf } from './prompt-plan.js';
import { generate } from './session.js';
import { StageBench } from './stage-bench.js';
import type { StateFiles } from './state-files.js';
import { chooseTemplate } from './templates/choose.js';
import { previewTemplate } from './templates/preview.js';
import { stoppedBeforeStart } from './stopped.js';
import { promptTokens } from './tokens.js';

export type EngineOutlet = {
  post(message: EngineMessage): void;
  /** Text for the page; lost when no page listens. */
  frame(frame: Frame): void;
  /** The graphics card is lost, with all that lies on it: only another process can use it again. */
  gpuLost(error: unknown): void;
};

/** A run that waits for its turn or has begun. */
type AcceptedRun = { readonly stopping: AbortController; begun: boolean };

type Calls = { readonly [C in EngineCall]: (input: EngineInput<C>) => Promise<EngineOutput<C>> };

/** When nothing was asked for so long, the state of the conversation is kept: a crash then costs little. */
const restMs = 3000;

export class EngineServer {
  readonly #outlet: EngineOutlet;
  readonly #states: StateFiles;
  #toldOfStates = false;
  #rest: NodeJS.Timeout | undefined;
  #engine: EngineModel | null = null;
  /** Of the engine's model. */
  #bench: StageBench | null = null;
  #loading: AbortController | null = null;
  /** Everything that uses the model waits here for its turn. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #runs = new Map<string, AcceptedRun>();
  readonly #calls: Calls = {
    load: (request) => this.#load(request),
    unload: () => this.#inTurn(() => this.#unload()),
    generate: (request) => this.#start(request),
    planPrompt: async ({ prompt, maxNewTokens }) =>
      this.#engine === null ? null : fitPrompt(this.#engine, prompt, maxNewTokens).plan,
    limitStates: async ({ budgetBytes }) => this.#states.limit(budgetBytes),
    clearStates: async () => this.#states.clear(),
    inspectPrompt: async ({ prompt, maxNewTokens, conversation }) =>
      inspectPrompt(this.#loaded(), prompt, maxNewTokens, conversation),
    previewTemplate: async (written) => previewTemplate(this.#engine, written),
    modelTemplate: async () => this.#loaded().traits.chatTemplate,
    probeTemplate: ({ runId, template }) => this.#probe(runId, template),
    nextTokens: ({ prompt, sampling, incognito }) =>
      this.#inTurn(() => nextTokens(this.#loaded(), prompt, sampling, incognito)),
    stageShares: (request) => this.#shares(request),
    perplexity: ({ runId, text }) => this.#measure(runId, text),
    tokenize: async ({ text, marks }) => [...this.#loaded().model.tokenize(text, marks, 'trimLeadingSpace')],
    detokenize: async ({ tokens }) => this.#loaded().model.detokenize(tokens as Token[], true),
    embed: ({ runId, texts }) =>
      this.#stoppable(runId, (signal) => embed(this.#loaded().model, texts, signal)),
    countPrompt: async (prompt) => promptTokens(segmentsOf(prompt), this.#loaded().vocabulary).length,
    tokensOfPrompt: async (prompt) => tokensOfPrompt(this.#loaded(), prompt),
    promptText: async ({ prompt, maxNewTokens }) => promptText(this.#loaded(), prompt, maxNewTokens),
    countTokens: async ({ text }) => this.#loaded().vocabulary.tokenize(text).length,
  };

  /** @param states where KV states are kept between runs and restarts */
  constructor(outlet: EngineOutlet, states: StateFiles) {
    this.#outlet = outlet;
    this.#states = states;
  }

  /** Takes a message from main; what does not fit the contract is reported and dropped. */
  receive(raw: unknown): void {
    const parsed = engineRequestSchema.safeParse(raw);
    if (!parsed.success) {
      console.error('[engine] request outside the contract', parsed.error.message);
      return;
    }
    const request = parsed.data;
    switch (request.type) {
      case 'call':
        return this.#answer(request.seq, request.name, request.input);
      case 'cancel':
        return this.#cancel(request.runId);
      case 'cancel-load':
        return this.#loading?.abort();
      case 'speak':
        return void speakLanguage(request.language);
      case 'port':
        return;
    }
  }

  /** Frees the model. */
  async close(): Promise<void> {
    for (const run of this.#runs.values()) run.stopping.abort();
    this.#loading?.abort();
    await this.#inTurn(() => this.#unload());
    clearTimeout(this.#rest);
  }

  #answer(seq: number, name: EngineCall, raw: unknown): void {
    const run = this.#calls[name] as (input: unknown) => Promise<unknown>;
    const work = async () => run(engineCalls[name].input.parse(raw));
    work().then(
      (value) => this.#outlet.post({ type: 'answer', seq, result: { ok: true, value } }),
      (thrown: unknown) =>
        this.#outlet.post({
          type: 'answer',
          seq,
          result: { ok: false, error: AppError.from(thrown).toData() },
        }),
    );
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    clearTimeout(this.#rest);
    const mine = this.#turn.then(work);
    this.#turn = mine.catch((thrown: unknown) => {
      if (isGpuLost(thrown)) this.#outlet.gpuLost(thrown);
    });
    return mine;
  }

  #load(request: LoadRequest): Promise<LoadedModel> {
    const controller = new AbortController();
    const { signal } = controller;
    this.#loading = controller;
    let isWaiting = true;
    // One that still waits for a reply to end is cancelled at once.
    const cancelled = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        if (isWaiting) reject(loadCancelled());
      });
    });
    const loaded = this.#inTurn(async () => {
      isWaiting = false;
      if (signal.aborted) throw loadCancelled();
      await this.#unload();
      try {
        const progress = forwardOnly((at) => this.#outlet.post({ type: 'load-progress', ...at }));
        this.#engine = await loadModel(request, progress, signal, {
          files: this.#states,
          onProblem: (problem) => this.#tell(problem),
        });
        return this.#engine.info;
      } finally {
        if (this.#loading === controller) this.#loading = null;
      }
    });
    return Promise.race([loaded, cancelled]);
  }

  async #unload(): Promise<null> {
    await this.#engine?.dispose();
    this.#engine = null;
    this.#bench = null;
    return null;
  }

  /** Once is enough: what fails for lack of space fails again and again. */
  #tell(problem: AppError): void {
    if (!this.#toldOfStates) this.#outlet.post({ type: 'notice', error: problem.toData() });
    this.#toldOfStates = true;
  }

  #loaded(): EngineModel {
    if (this.#engine !== null) return this.#engine;
    throw new AppError({
      code: 'no-model',
      message: t('No model is loaded.'),
      hint: t('Choose one at the top.'),
    });
  }

  /** Answers when the run is queued; the run reports for itself. */
  async #start(request: GenerateRequest): Promise<null> {
    const run: AcceptedRun = { stopping: new AbortController(), begun: false };
    this.#runs.set(request.runId, run);
    void this.#inTurn(async () => {
      // Stopped while it waited: that is reported already.
      if (run.stopping.signal.aborted) return;
      run.begun = true;
      await this.#run(request, run.stopping.signal);
      this.#runs.delete(request.runId);
      if (this.#runs.size === 0) this.#keepStateSoon();
    });
    return null;
  }

  #keepStateSoon(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.#inTurn(async () => this.#engine?.states?.keepUp()), restMs);
  }

  #probe(runId: string, template: string | null): Promise<Probe> {
    return this.#stoppable(runId, (signal) => {
      const engine = this.#loaded();
      const isInForce = template === null || template === engine.template.choice.id;
      const probed = isInForce ? engine.template : chooseTemplate(engine.traits, template).template;
      return probe(engine, probed, signal);
    });
  }

  #shares({ runId, ...request }: EngineInput<'stageShares'>): Promise<StageShares> {
    return this.#stoppable(runId, (signal) => {
      this.#bench ??= new StageBench(this.#loaded());
      return this.#bench.shares(request, this.#progressOf(runId), signal);
    });
  }

  #progressOf(runId: string) {
    return (done: number, total: number) => this.#outlet.frame({ kind: 'prefill', runId, done, total });
  }

  #measure(runId: string, text: string): Promise<Perplexity> {
    return this.#stoppable(runId, (signal) =>
      perplexity(this.#loaded(), text, this.#progressOf(runId), signal),
    );
  }

  /** Work that is no run, but is stopped like one; its call is answered at its end. */
  #stoppable<T>(runId: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const run: AcceptedRun = { stopping: new AbortController(), begun: true };
    this.#runs.set(runId, run);
    return this.#inTurn(async () => {
      try {
        return await work(run.stopping.signal);
      } finally {
        this.#runs.delete(runId);
      }
    });
  }

  /** A run that still waits ends at once, whatever goes on before it; one that has begun ends itself. */
  #cancel(runId: string): void {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    run.stopping.abort();
    if (run.begun) return;
    this.#runs.delete(runId);
    this.#outlet.post({ type: 'failed', runId, text: '', error: stoppedBeforeStart().toData() });
  }

  async #run(request: GenerateRequest, signal: AbortSignal): Promise<void> {
    const { runId } = request;
    let text = '';
    try {
      const done = await generate(
        this.#loaded(),
        request,
        {
          frame: (frame) => {
            if (frame.kind === 'text') {
              const { kind: type, tokensPerSecond: _, ...piece } = frame;
              text += piece.text;
              // Main first: what the page shows, main can save.
              this.#outlet.post({ type, ...piece });
            }
            this.#outlet.frame(frame);
          },
          checkpoint: (soFar, stats) => this.#outlet.post({ type: 'checkpoint', runId, text: soFar, stats }),
        },
        signal,
      );
      this.#outlet.post({ type: 'done', runId, ...done });
    } catch (thrown) {
      // What was written is told by the end of the process.
      if (isGpuLost(thrown)) throw thrown;
      this.#outlet.post({ type: 'failed', runId, text, error: AppError.from(thrown).toData() });
    }
  }
}
