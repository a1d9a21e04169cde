/** Owns the engine process as seen from main: starts it, pairs requests with answers, notices its death, starts it again. */
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import type { Inspection, Probe, ShownToken } from '../../preload/contract/doctor.js';
import {
  engineCalls,
  engineMessageSchema,
  type EngineCall,
  type EngineInput,
  type EngineMessage,
  type EngineOutput,
  type EngineRequest,
  type ChatPrompt,
  type Prompt,
  type PromptPlan,
  type GenerateRequest,
  type LoadProgress,
  type LoadRequest,
  type StateUsage,
  type TextPrompt,
} from '../../preload/contract/engine.js';
import type { Language } from '../../preload/contract/language.js';
import type { LoadedModel } from '../../preload/contract/models.js';
import type { Sampling } from '../../preload/contract/parameters.js';
import type { TemplatePreview, WrittenTemplate } from '../../preload/contract/template-preview.js';
import type { NextTokens, Perplexity, StageShares } from '../../preload/contract/tokens.js';
import { AppError, type ErrorData } from '../../preload/contract/errors.js';
import { frameIntervalMs } from '../app/painting.js';
import { deathOf } from './death.js';

/** What a run reports; `failed` also stands for a run whose engine died. */
export type RunReport = Extract<EngineMessage, { type: 'text' | 'checkpoint' | 'done' | 'failed' }>;

export type EngineEvents = {
  loadProgress(progress: LoadProgress): void;
  /** Something went wrong that harms no call and no run. */
  notice(error: ErrorData): void;
  run(report: RunReport): void;
  /** The engine answered, or what it does came on. */
  used(): void;
  /** The process ended, by itself or by `kill`; what was loaded is gone. */
  died(error: AppError): void;
  /** A new process is up: the page needs a new port. */
  started(): void;
};

type Answer = Extract<EngineMessage, { type: 'answer' }>['result'];
type Asked = { name: EngineCall; resolve: (value: unknown) => void; reject: (error: unknown) => void };

/** How long the end of the app waits for the engine. */
const stopMs = 2000;
const stderrLines = 30;
/**
 * After so many processes in a row that could not even start, the next one is started on demand only. SIGKILL, which
 * comes from outside, is not counted.
 */
const maxFailedStarts = 3;

export class EngineHost {
  #child: UtilityProcess | null = null;
  #asked = new Map<number, Asked>();
  #lastSeq = 0;
  #quitting = false;
  #isReady = false;
  #failedStarts = 0;
  #killedFor: AppError | null = null;
  #stderr: string[] = [];
  readonly #entry: string;
  readonly #statesFolder: string;
  readonly #events: EngineEvents;

  /** @param statesFolder where the engine keeps KV states */
  constructor(entry: string, statesFolder: string, events: EngineEvents) {
    this.#entry = entry;
    this.#statesFolder = statesFolder;
    this.#events = events;
  }

  /** Starts the process if none runs. */
  start(): void {
    if (this.#child !== null || this.#quitting) return;
    const child = utilityProcess.fork(this.#entry, [this.#statesFolder], {
      serviceName: 'Altiplano engine',
      stdio: ['ignore', 'inherit', 'pipe'],
      // One libuv worker: llama.cpp starts its compute threads per token, and a second worker puts them on a busy core.
      env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    });
    this.#child = child;
    this.#stderr = [];
    this.#killedFor = null;
    this.#isReady = false;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = [...this.#stderr, ...text.split('\n').filter((line) => line.trim() !== '')].slice(
        -stderrLines,
      );
    });
    child.on('message', (message: unknown) => this.#receive(message));
    child.on('exit', (code) => this.#ended(child, code));
    this.#events.started();
  }

  /** Ends the process, after the moment it takes to keep the state of the conversation; nothing is restarted. */
  async stop(): Promise<void> {
    this.#quitting = true;
    const child = this.#child;
    if (child === null) return;
    this.cancelLoad();
    // What is not kept in time is read again: its half-written file is removed at the next start.
    await Promise.race([this.unload().catch(() => undefined), delay(stopMs)]);
    child.kill();
  }

  /** Ends a process that does not answer; another is started. @param reason what those are told who wait for it */
  kill(reason: AppError): void {
    this.#killedFor = reason;
    this.#child?.kill();
  }

  load(request: LoadRequest): Promise<LoadedModel> {
    return this.#call('load', request);
  }

  cancelLoad(): void {
    this.#post({ type: 'cancel-load' });
  }

  async unload(): Promise<void> {
    await this.#call('unload', null);
  }

  async generate(request: GenerateRequest): Promise<void> {
    await this.#call('generate', { frameIntervalMs: frameIntervalMs(), ...request });
  }

  /** Of its messages from here on; a process that starts later knows by itself. */
  speak(language: Language): void {
    this.#post({ type: 'speak', language });
  }

  cancel(runId: string): void {
    this.#post({ type: 'cancel', runId });
  }

  /** @param maxNewTokens 0 = not limited */
  planPrompt(prompt: ChatPrompt, maxNewTokens: number): Promise<PromptPlan | null> {
    return this.#call('planPrompt', { prompt, maxNewTokens });
  }

  limitStates(budgetBytes: number): Promise<StateUsage> {
    return this.#call('limitStates', { budgetBytes });
  }

  clearStates(): Promise<StateUsage> {
    return this.#call('clearStates', null);
  }

  inspectPrompt(request: EngineInput<'inspectPrompt'>): Promise<Inspection> {
    return this.#call('inspectPrompt', request);
  }

  previewTemplate(template: WrittenTemplate): Promise<TemplatePreview> {
    return this.#call('previewTemplate', template);
  }

  modelTemplate(): Promise<string | null> {
    return this.#call('modelTemplate', null);
  }

  probeTemplate(runId: string, template: string | null): Promise<Probe> {
    return this.#call('probeTemplate', { runId, template });
  }

  nextTokens(prompt: Prompt, sampling: Sampling, incognito = false): Promise<NextTokens> {
    return this.#call('nextTokens', { prompt, sampling, incognito });
  }

  stageShares(request: EngineInput<'stageShares'>): Promise<StageShares> {
    return this.#call('stageShares', request);
  }

  perplexity(runId: string, text: string): Promise<Perplexity> {
    return this.#call('perplexity', { runId, text });
  }

  countPrompt(prompt: TextPrompt): Promise<number> {
    return this.#call('countPrompt', prompt);
  }

  tokensOfPrompt(prompt: TextPrompt): Promise<ShownToken[]> {
    return this.#call('tokensOfPrompt', prompt);
  }

  tokenize(text: string, marks: boolean): Promise<number[]> {
    return this.#call('tokenize', { text, marks });
  }

  detokenize(tokens: readonly number[]): Promise<string> {
    return this.#call('detokenize', { tokens: [...tokens] });
  }

  embed(runId: string, texts: readonly string[]): Promise<EngineOutput<'embed'>> {
    return this.#call('embed', { runId, texts: [...texts] });
  }

  /** @param maxNewTokens 0 = not limited */
  promptText(prompt: ChatPrompt, maxNewTokens: number): Promise<string> {
    return this.#call('promptText', { prompt, maxNewTokens });
  }

  countTokens(text: string): Promise<number> {
    return this.#call('countTokens', { text });
  }

  /** A new port on which the engine sends text frames; the answer is the end for the page. */
  openPort(): MessagePortMain {
    const { port1, port2 } = new MessageChannelMain();
    this.#child?.postMessage({ type: 'port' } satisfies EngineRequest, [port1]);
    return port2;
  }

  #call<C extends EngineCall>(name: C, input: EngineInput<C>): Promise<EngineOutput<C>> {
    this.start();
    const seq = ++this.#lastSeq;
    return new Promise((resolve, reject) => {
      this.#asked.set(seq, { name, resolve: resolve as (value: unknown) => void, reject });
      this.#post({ type: 'call', seq, name, input });
    });
  }

  #post(request: EngineRequest): void {
    this.#child?.postMessage(request);
  }

  #receive(raw: unknown): void {
    const parsed = engineMessageSchema.safeParse(raw);
    if (!parsed.success) {
      console.error('[engine] message outside the contract', parsed.error.message);
      return;
    }
    const message = parsed.data;
    this.#events.used();
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        return;
      case 'answer':
        return this.#answer(message.seq, message.result);
      case 'load-progress':
        return this.#events.loadProgress(message);
      case 'notice':
        return this.#events.notice(message.error);
      case 'text':
      case 'checkpoint':
      case 'done':
      case 'failed':
        return this.#events.run(message);
    }
  }

  #answer(seq: number, result: Answer): void {
    const asked = this.#asked.get(seq);
    this.#asked.delete(seq);
    if (asked === undefined) return;
    if (!result.ok) return asked.reject(new AppError(result.error));
    const value = engineCalls[asked.name].output.safeParse(result.value);
    if (value.success) asked.resolve(value.data);
    else asked.reject(value.error);
  }

  #ended(child: UtilityProcess, code: number): void {
    if (this.#child !== child) return;
    this.#child = null;
    const error = this.#killedFor ?? deathOf(code, this.#stderr);
    for (const asked of this.#asked.values()) asked.reject(error);
    this.#asked.clear();
    if (this.#quitting) return;
    this.#events.died(error);
    this.#failedStarts = this.#isReady || code === constants.signals.SIGKILL ? 0 : this.#failedStarts + 1;
    if (this.#failedStarts < maxFailedStarts) this.start();
  }
}
