/** Owns the short notices at the edge of the window: what was done, with a way back, and what went wrong. */
import { t } from '../../preload/contract/language.js';
import type { ErrorCode, ErrorData } from '../../preload/contract/errors.js';
import { on, toErrorData } from '../services/api.js';

type Notice = {
  readonly id: number;
  readonly text: string;
  readonly hint: string | undefined;
  /** Of an error; null = none. */
  readonly code: ErrorCode | null;
  /** The way back. */
  readonly undo: (() => void) | undefined;
  readonly undoLabel: string;
};

const shownMs = 8000;
const maxShown = 3;

class Notices {
  list = $state<readonly Notice[]>([]);
  #lastId = 0;

  listen(): void {
    on('notice', (error) => this.fail(error));
  }

  /** @returns the notice's id, for `dismiss` */
  done(text: string, undo?: () => void, undoLabel = t('Undo')): number {
    return this.#show({ text, hint: undefined, code: null, undo, undoLabel });
  }

  fail({ code, message, hint }: ErrorData): void {
    this.#show({ text: message, hint, code, undo: undefined, undoLabel: '' });
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

  #show(content: Omit<Notice, 'id'>): number {
    const notice = { id: ++this.#lastId, ...content };
    this.list = [...this.list, notice].slice(-maxShown);
    // Errors stay until they are read.
    if (notice.code === null) setTimeout(() => this.dismiss(notice.id), shownMs);
    return notice.id;
  }
}

export const notices = new Notices();
