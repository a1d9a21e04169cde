/** Owns the ends of replies for which there was no room on the disk: saves them once there is; never what they are. */
import { AppError } from '../../preload/contract/errors.js';
import type { Database } from '../db/client.js';

const retryMs = 5000;

type Save = () => Promise<void>;

export class LateSaves {
  readonly #db: Pick<Database, 'findMessage'>;
  /** By message: how to save it, and the text that it had then. */
  readonly #waiting = new Map<string, { readonly save: Save; readonly text: string }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(db: Pick<Database, 'findMessage'>) {
    this.#db = db;
  }

  /** Takes what a full disk did not; anything else that went wrong would go wrong again. */
  async take(messageId: string, thrown: unknown, save: Save): Promise<void> {
    if (AppError.from(thrown).code !== 'disk-full') return;
    const { text } = await this.#db.findMessage(messageId);
    this.#waiting.set(messageId, { save, text });
    this.#againLater();
  }

  /** Tries all of them. A message that was changed or removed meanwhile stays as it is. */
  async tryAll(): Promise<void> {
    for (const [messageId, { save, text }] of this.#waiting) {
      try {
        if ((await this.#db.findMessage(messageId)).text === text) await save();
        this.#waiting.delete(messageId);
      } catch (thrown) {
        if (AppError.from(thrown).code !== 'disk-full') this.#waiting.delete(messageId);
      }
    }
    this.#againLater();
  }

  #againLater(): void {
    clearTimeout(this.#timer);
    if (this.#waiting.size > 0) this.#timer = setTimeout(() => void this.tryAll(), retryMs).unref();
  }
}
