/** Owns that a reply being written reaches the disk while it is written; never its end. */
import type { ReplyStats } from '../../preload/contract/chats.js';
import { AppError, type ErrorData } from '../../preload/contract/errors.js';
import type { Run } from '../../preload/contract/index.js';
import type { Database } from '../db/client.js';

export type PartialSaverOptions = {
  readonly db: Pick<Database, 'saveReply'>;
  /** Its text is read when it is saved. */
  readonly run: Run;
  /** Of the reply that is gone on with; null for a new one. */
  readonly stats: ReplyStats | null;
  /** Heard once: what fails for lack of space fails again and again. */
  readonly onProblem: (error: ErrorData) => void;
};

/**
 * How long text waits for the next save. With the time between two frames of text and the time that a write takes, all
 * of it stays well within the second that a crash may cost.
 */
const saveWithinMs = 500;

/** Saves by time, whatever the speed of the model, and whether a page is there or not. */
export class PartialSaver {
  #stats: ReplyStats | null;
  #timer: NodeJS.Timeout | null = null;
  #isToldOf = false;
  readonly #options: PartialSaverOptions;

  constructor(options: PartialSaverOptions) {
    this.#options = options;
    this.#stats = options.stats === null ? null : { ...options.stats, stopReason: 'partial' };
  }

  /** The run's text grew. @param stats what was measured so far, where that is new */
  grown(stats: ReplyStats | null = null): void {
    if (stats !== null) this.#stats = statsOfReply(stats, this.#options.run);
    this.#timer ??= setTimeout(() => void this.#save(), saveWithinMs);
  }

  /** The reply has ended: its end is saved by somebody else. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #save(): Promise<void> {
    this.#timer = null;
    const { db, run, onProblem } = this.#options;
    try {
      await db.saveReply({ messageId: run.messageId, text: run.text, stats: this.#stats, error: null });
    } catch (thrown) {
      if (!this.#isToldOf) onProblem(AppError.from(thrown).toData());
      this.#isToldOf = true;
    }
  }
}

/** What was measured of a run, as it is kept with its reply. */
export function statsOfReply(stats: ReplyStats, { baseLength }: Pick<Run, 'baseLength'>): ReplyStats {
  const { origin, troubleFrom } = stats;
  return {
    ...stats,
    ...(troubleFrom === undefined ? {} : { troubleFrom: baseLength + troubleFrom }),
    origin: origin && { ...origin, baseLength },
  };
}
