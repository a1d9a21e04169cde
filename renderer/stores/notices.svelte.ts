/** Owns the short notices at the edge of the window: what was done, with a way back, and what went wrong. */
import type { ErrorData } from '../../preload/contract/errors.js';
import { on, toErrorData } from '../services/api.js';

type Notice = {
  readonly id: number;
  readonly text: string;
  readonly hint: string | undefined;
  readonly isError: boolean;
  readonly undo: (() => void) | undefined;
};

const shownMs = 8000;
const maxShown = 3;

class Notices {
  list = $state<readonly Notice[]>([]);
  #lastId = 0;

  listen(): void {
    on('notice', (error) => this.fail(error));
  }

  done(text: string, undo?: () => void): void {
    this.#show({ id: ++this.#lastId, text, hint: undefined, isError: false, undo });
  }

  fail(error: ErrorData): void {
    this.#show({ id: ++this.#lastId, text: error.message, hint: error.hint, isError: true, undo: undefined });
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** Waits for the work; a failure is shown and answered as undefined. */
  async guard<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (thrown) {
      this.fail(toErrorData(thrown));
      return undefined;
    }
  }

  /** Shows why something failed; what the user cancelled is no failure. */
  failUnlessCancelled(thrown: unknown): void {
    const error = toErrorData(thrown);
    if (error.code !== 'cancelled') this.fail(error);
  }

  #show(notice: Notice): void {
    this.list = [...this.list, notice].slice(-maxShown);
    // Errors stay until they are read.
    if (!notice.isError) setTimeout(() => this.dismiss(notice.id), shownMs);
  }
}

export const notices = new Notices();
