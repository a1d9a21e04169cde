/** Owns the log of failures on the disk: two files of bounded size; never fails itself. */
import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { problemLine } from './problem-line.js';

const names = { now: 'altiplano.log', before: 'altiplano.1.log' } as const;

export class Log {
  readonly #folder: string;
  readonly #maxBytes: number;

  /** @param maxBytes of each of the two files */
  constructor(folder: string, maxBytes = 500_000) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** Adds a failure to the log, and shows it in the terminal. @param where our own word for the part of the program */
  problem = (where: string, thrown: unknown): void => {
    console.error(`[${where}]`, thrown);
    try {
      const line = `${problemLine(where, thrown, Date.now())}\n`;
      const file = join(this.#folder, names.now);
      mkdirSync(this.#folder, { recursive: true });
      const sizeBytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
      if (sizeBytes + line.length > this.#maxBytes) renameSync(file, join(this.#folder, names.before));
      appendFileSync(file, line);
    } catch {
      // Where nothing can be written, nothing is lost but this line.
    }
  };

  /** The last lines, oldest first. */
  last(lines: number): string[] {
    return [names.before, names.now].flatMap((name) => readLines(join(this.#folder, name))).slice(-lines);
  }
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
