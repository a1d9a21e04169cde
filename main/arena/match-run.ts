/** Owns one match while it is written: its replies in turn, told to the page and kept as they come; never its question. */
import type { Match, Measures } from '../../preload/contract/arena.js';
import { AppError } from '../../preload/contract/errors.js';
import type { Ticket, TurnQueue } from '../chat/queue.js';
import type { MatchRecord } from '../db/arena.js';
import type { Database } from '../db/client.js';
import { newId } from '../db/id.js';
import type { Broadcast } from '../ipc/router.js';
import type { ArenaEngines, RunEnd, Writing } from './engines.js';
import type { Asked } from './question.js';
import { viewOf, type LiveReply } from './view.js';

export type MatchRunOptions = {
  readonly db: Pick<Database, 'saveMatchReply' | 'endMatch' | 'findMatch'>;
  readonly engines: Pick<ArenaEngines, 'write' | 'stop'>;
  readonly turns: TurnQueue;
  /** Whether replies end when they repeat themselves or go on as the user. */
  readonly isGuarded: () => boolean;
  readonly broadcast: Broadcast;
};

type Writer = {
  -readonly [K in keyof LiveReply]: LiveReply[K];
} & { readonly runId: string; readonly position: number; measures: Measures | null };

/** All that compares takes its turns with the model as one. */
const lane = 'arena';

export class MatchRun {
  /** Resolves when all replies have ended and are kept. */
  readonly ended: Promise<void>;
  readonly priority: Ticket['priority'];
  #record: MatchRecord;
  readonly #writers: readonly Writer[];
  readonly #promptFor: Asked['promptFor'];
  readonly #options: MatchRunOptions;

  /** Begins at once. */
  constructor(
    options: MatchRunOptions,
    record: MatchRecord,
    promptFor: Asked['promptFor'],
    priority: Ticket['priority'],
  ) {
    this.#options = options;
    this.#record = record;
    this.#promptFor = promptFor;
    this.priority = priority;
    this.#writers = record.replies.map((_, position) => ({
      ...{ position, runId: newId(), measures: null },
      ...{ state: 'waiting', loadProgress: 0, text: '' },
    }));
    this.ended = this.#write();
  }

  get view(): Match {
    return viewOf(this.#record, this.#writers);
  }

  /** @param position of one reply; null = all */
  stop(position: number | null): void {
    const { engines, turns } = this.#options;
    for (const { runId, state, position: own } of this.#writers) {
      if (state === 'ended' || (position !== null && position !== own)) continue;
      if (!turns.leave(runId)) engines.stop(runId);
    }
  }

  async #write(): Promise<void> {
    const { db, turns, broadcast } = this.#options;
    const { id } = this.#record;
    const written = this.#writers.map(async (writer) => {
      const turn = turns.take({ id: writer.runId, lane, priority: this.priority }, () => this.#reply(writer));
      await this.#end(writer, await turn.catch(failed));
    });
    await Promise.all(written);
    try {
      await db.endMatch(id);
      broadcast('arena.match', viewOf(await db.findMatch(id), null));
    } catch (thrown) {
      broadcast('notice', AppError.from(thrown).toData());
    }
  }

  async #reply(writer: Writer): Promise<RunEnd> {
    const { engines, isGuarded } = this.#options;
    const { contestant } = this.#record.replies[writer.position]!;
    this.#enter(writer, 'loading', 0);
    const asked = await this.#promptFor(contestant, this.#record.seed);
    return engines.write({
      ...contestant,
      request: { runId: writer.runId, isGuarded: isGuarded(), ...asked },
      onProgress: (share) => {
        // What is the same on the screen is not told again.
        if (percent(share) !== percent(writer.loadProgress)) this.#enter(writer, 'loading', share);
      },
      onLoaded: (measures) => {
        writer.measures = measures;
        this.#enter(writer, 'writing', 1);
      },
      onReport: (report) => this.#grow(writer, report),
    });
  }

  #grow(writer: Writer, report: Parameters<NonNullable<Writing['onReport']>>[0]): void {
    const { position } = writer;
    const matchId = this.#record.id;
    if (report.type === 'text') {
      const { offset, text } = report;
      writer.text = writer.text.slice(0, offset) + text;
      this.#options.broadcast('arena.text', { matchId, position, offset, text });
      return;
    }
    const stats = { ...report.stats, stopReason: 'partial' as const };
    const change = { matchId, position, text: report.text, stats, measures: writer.measures, error: null };
    // The end is saved too, and tells what fails.
    this.#options.db.saveMatchReply(change).catch(() => undefined);
  }

  async #end(writer: Writer, report: Ended): Promise<void> {
    const { db, broadcast } = this.#options;
    const { position, measures } = writer;
    const matchId = this.#record.id;
    if (report.text !== '') writer.text = report.text;
    const outcome =
      report.type === 'done' ? { stats: report.stats, error: null } : { stats: null, error: report.error };
    try {
      await db.saveMatchReply({ matchId, position, text: writer.text, measures, ...outcome });
      // What has ended shows its figures while others are written.
      this.#record = await db.findMatch(matchId);
    } catch (thrown) {
      broadcast('notice', AppError.from(thrown).toData());
    }
    this.#enter(writer, 'ended', 1);
  }

  #enter(writer: Writer, state: Writer['state'], loadProgress: number): void {
    writer.state = state;
    writer.loadProgress = loadProgress;
    this.#options.broadcast('arena.match', this.view);
  }
}

type Ended =
  | Pick<Extract<RunEnd, { type: 'done' }>, 'type' | 'text' | 'stats'>
  | Pick<Extract<RunEnd, { type: 'failed' }>, 'type' | 'text' | 'error'>;

const percent = (share: number) => Math.round(share * 100);

const failed = (thrown: unknown): Ended => ({
  ...{ type: 'failed', text: '' },
  error: AppError.from(thrown).toData(),
});
