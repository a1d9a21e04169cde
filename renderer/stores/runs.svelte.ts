/** Owns the replies being written: their text as frames bring it, by run; never which chat is open. */
import { SvelteMap } from 'svelte/reactivity';
import type { Frame } from '../../preload/contract/engine.js';
import type { EventData, Run } from '../../preload/contract/index.js';
import { listenToFrames } from '../services/frames.js';
import { on, request } from '../services/api.js';

/** A run as the page sees it; mutated in place, so that a frame touches only what it changes. */
export class LiveRun {
  readonly runId: string;
  readonly chatId: string | null;
  readonly messageId: string | null;
  readonly baseLength: number;
  text = $state('');
  tokensPerSecond = $state(0);
  prefill = $state<{ done: number; total: number } | null>(null);
  stopping = $state(false);

  constructor(
    run: Pick<Run, 'runId' | 'text' | 'baseLength'> & { chatId: string | null; messageId: string | null },
  ) {
    this.runId = run.runId;
    this.chatId = run.chatId;
    this.messageId = run.messageId;
    this.baseLength = run.baseLength;
    this.text = run.text;
  }

  /** Takes a frame; false when text before it is missing. */
  apply(frame: Frame): boolean {
    if (frame.kind === 'prefill') {
      this.prefill = { done: frame.done, total: frame.total };
      return true;
    }
    this.prefill = null;
    this.tokensPerSecond = frame.tokensPerSecond;
    const start = this.baseLength + frame.offset;
    if (start > this.text.length) return false;
    // What main had when the run was fetched may overlap what the frame brings.
    const fresh = frame.text.slice(this.text.length - start);
    if (fresh !== '') this.text += fresh;
    return true;
  }
}

class Runs {
  readonly live = new SvelteMap<string, LiveRun>();
  #waiting = $state.raw<Readonly<Record<string, number>>>({});
  readonly #endings = new Set<(ended: EventData<'runs.ended'>) => void>();
  /** Frames of a free run can come before the answer to the request that started it. */
  readonly #early = new Map<string, Frame[]>();

  async start(): Promise<void> {
    listenToFrames((frames) => frames.forEach((frame) => this.#apply(frame)));
    on('runs.waiting', (waiting) => (this.#waiting = waiting));
    on('runs.started', (run) => this.add(new LiveRun(run)));
    on('runs.ended', (ended) => {
      this.live.delete(ended.runId);
      this.#early.delete(ended.runId);
      for (const listener of this.#endings) listener(ended);
    });
    for (const run of await request('runs.list')) this.add(new LiveRun(run));
    this.#waiting = await request('runs.waiting');
  }

  /** How much other work comes before a run; 0 = it has its turn. */
  before({ runId }: LiveRun): number {
    return this.#waiting[runId] ?? 0;
  }

  add(run: LiveRun): LiveRun {
    const known = this.live.get(run.runId);
    if (known !== undefined) return known;
    this.live.set(run.runId, run);
    for (const frame of this.#early.get(run.runId) ?? []) run.apply(frame);
    this.#early.delete(run.runId);
    return run;
  }

  onEnd(listener: (ended: EventData<'runs.ended'>) => void): () => void {
    this.#endings.add(listener);
    return () => this.#endings.delete(listener);
  }

  ofChat(chatId: string | null): LiveRun | undefined {
    return [...this.live.values()].find((run) => chatId !== null && run.chatId === chatId);
  }

  ofMessage(messageId: string): LiveRun | undefined {
    return [...this.live.values()].find((run) => run.messageId === messageId);
  }

  stop(run: LiveRun): void {
    run.stopping = true;
    void request('runs.stop', { runId: run.runId });
  }

  #apply(frame: Frame): void {
    const run = this.live.get(frame.runId);
    if (run === undefined) {
      const early = this.#early.get(frame.runId);
      if (early === undefined) this.#early.set(frame.runId, [frame]);
      else early.push(frame);
    } else if (!run.apply(frame)) void this.#fillGap(run, frame);
  }

  /** The page missed frames (it was reloaded): main has the text, at most a second old. */
  async #fillGap(run: LiveRun, frame: Frame): Promise<void> {
    const known = (await request('runs.list')).find(({ runId }) => runId === run.runId);
    if (known !== undefined && known.text.length > run.text.length) run.text = known.text;
    run.apply(frame);
  }
}

export const runs = new Runs();
