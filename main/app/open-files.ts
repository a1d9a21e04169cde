/** Owns the files that the system opens with the app: it waits with them until the page can be asked. */
import { resolve } from 'node:path';
import { isBackupFile } from '../../preload/contract/backup-file-kind.js';

/** What the packages are associated with. */
const opens = /\.(json|jsonl|chat)$/i;
const isOpened = (path: string): boolean => opens.test(path) || isBackupFile(path);

/** The files among the arguments of a start. @param folder to which they are relative */
export const filesAmong = (args: readonly string[], folder: string): string[] =>
  args.filter((each) => !each.startsWith('-') && isOpened(each)).map((each) => resolve(folder, each));

export class OpenFiles {
  readonly #ask: (paths: readonly string[]) => void;
  /** Null = the page can be asked. */
  #waiting: string[] | null = [];

  /** @param ask asks the page what is to be done with them */
  constructor(ask: (paths: readonly string[]) => void) {
    this.#ask = ask;
  }

  open(paths: readonly string[]): void {
    if (this.#waiting !== null) this.#waiting.push(...paths);
    else if (paths.length > 0) this.#ask(paths);
  }

  /** The page listens from now on. */
  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    if (waiting.length > 0) this.#ask(waiting);
  }
}
