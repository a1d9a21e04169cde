/** Owns the files that the system opens with the app: it waits with them until the page can be asked. */
import { resolve } from 'node:path';
import { isBackupFile } from '../../preload/contract/backup-file-kind.js';

/** What the packages are associated with. */
const kinds = {
  backups: isBackupFile,
  models: (path: string) => /\.gguf$/i.test(path),
  chats: (path: string) => /\.(json|jsonl|chat)$/i.test(path),
} as const;
type Kind = keyof typeof kinds;

const kindOf = (path: string): Kind | undefined =>
  (Object.keys(kinds) as Kind[]).find((kind) => kinds[kind](path));

/** The files among the arguments of a start. @param folder to which they are relative */
export const filesAmong = (args: readonly string[], folder: string): string[] =>
  args
    .filter((each) => !each.startsWith('-') && kindOf(each) !== undefined)
    .map((each) => resolve(folder, each));

/** Asks the page what is to be done with the files of each kind. */
type Ask = { readonly [K in Kind]: (paths: readonly string[]) => void };

export class OpenFiles {
  readonly #ask: Ask;
  /** Null = the page can be asked. */
  #waiting: string[] | null = [];

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  open(paths: readonly string[]): void {
    if (this.#waiting !== null) {
      this.#waiting.push(...paths);
      return;
    }
    for (const kind of Object.keys(kinds) as Kind[]) {
      const some = paths.filter((path) => kindOf(path) === kind);
      if (some.length > 0) this.#ask[kind](some);
    }
  }

  /** The page listens from now on. */
  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    this.open(waiting);
  }
}
