/** Owns the batches as the page knows them, and what is asked of main about them; main does their work. */
import { t } from '../../preload/contract/language.js';
import type { Match } from '../../preload/contract/arena.js';
import type { Batch, BatchResults, NewBatch } from '../../preload/contract/batches.js';
import { on, request } from '../services/api.js';
import { notices } from './notices.svelte.js';
import { undo } from './undo.svelte.js';

/** Between two readings of the results while they change. */
const readDelayMs = 1000;

class Batches {
  /** The latest first. */
  list = $state.raw<readonly Batch[]>([]);
  /** The batch whose results are shown. */
  openId = $state<string | null>(null);
  results = $state.raw<BatchResults | null>(null);
  #starting: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly open: Batch | undefined = $derived(this.list.find(({ id }) => id === this.openId));
  /** Duels of batches that wait for the user's vote. */
  readonly unvoted: number = $derived(this.list.reduce((sum, { unvoted }) => sum + unvoted, 0));
  readonly isPaused: boolean = $derived(this.list.some(({ state }) => state === 'paused'));
  readonly isRunning: boolean = $derived(this.list.some(({ state }) => state === 'running'));

  /** Reads what there is; the first time only. */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    on('batches.changed', (list) => this.#take(list));
    // A duel that was voted on waits no longer.
    on('arena.match', ({ votes }) => votes.length > 0 && void this.#look());
    if (!(await this.#look())) this.#starting = null;
  }

  /** @returns whether the list could be read */
  async #look(): Promise<boolean> {
    const list = await notices.guard(request('batches.list'));
    if (list !== undefined) this.#take(list);
    return list !== undefined;
  }

  /** @returns whether it has begun */
  async begin(batch: NewBatch): Promise<boolean> {
    return (await notices.guard(request('batches.start', batch))) !== undefined;
  }

  /** @param batchId null = all duels there are */
  async judge(batchId: string | null, judgePath: string): Promise<void> {
    await notices.guard(request('batches.judge', { batchId, judgePath }));
  }

  async pause({ id: batchId }: Batch): Promise<void> {
    await notices.guard(request('batches.pause', { batchId }));
  }

  async resume({ id: batchId }: Batch): Promise<void> {
    await notices.guard(request('batches.resume', { batchId }));
  }

  async pauseAll(): Promise<void> {
    for (const batch of this.list) if (batch.state === 'running') await this.pause(batch);
  }

  async resumeAll(): Promise<void> {
    for (const batch of this.list) if (batch.state === 'paused') await this.resume(batch);
  }

  async retry({ id: batchId }: Batch): Promise<void> {
    await notices.guard(request('batches.retry', { batchId }));
  }

  async delete({ id: batchId, name }: Batch): Promise<void> {
    const done = await notices.guard(request('batches.delete', { batchId }).then(() => true));
    if (done === true) undo.done(t('Deleted the batch “{name}”', { name }));
  }

  async export({ id: batchId }: Batch, format: 'csv' | 'json'): Promise<void> {
    const path = await notices.guard(request('batches.export', { batchId, format }));
    if (typeof path === 'string') notices.done(t('Exported to {path}', { path }));
  }

  /** The next duel to vote on; null = there is none. */
  async nextDuel(): Promise<Match | null> {
    return (await notices.guard(request('batches.nextDuel'))) ?? null;
  }

  /** Shows the results of a batch, or hides them where they are shown. */
  async toggle({ id }: Batch): Promise<void> {
    this.results = null;
    this.openId = this.openId === id ? null : id;
    await this.read();
  }

  /** Reads the results that are shown; they have changed. */
  async read(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batchId = this.openId;
    if (batchId === null) return;
    const results = await notices.guard(request('batches.results', { batchId }));
    if (results !== undefined && this.openId === batchId) this.results = results;
  }

  #take(list: readonly Batch[]): void {
    const before = progressOf(this.list);
    this.list = list;
    if (this.open === undefined) this.openId = null;
    // Votes of a judge, whose batch is another one, count for the open one too.
    if (progressOf(list) !== before) this.#timer ??= setTimeout(() => void this.read(), readDelayMs);
  }
}

const progressOf = (list: readonly Batch[]): string =>
  list.map(({ done, unvoted }) => `${done} ${unvoted}`).join();

export const batches = new Batches();
