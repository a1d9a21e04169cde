/** Owns the files of saved KV states: written whole or not at all, checked before each use, kept within a budget; never trusts what it finds. */
import { createHash, randomUUID } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { batchSchema } from '../../preload/contract/chats.js';
import type { StateUsage } from '../../preload/contract/engine.js';
import { overBudget, superseded, type SavedState } from './state-index.js';

/** What lies beside a state; its time of change is the time of last use. */
const recordSchema = z.object({
  key: z.string(),
  tokens: z.array(z.number().int().nonnegative()),
  batches: z.array(batchSchema).nullable().default(null),
  sizeBytes: z.number().int().positive(),
  /** Of all the above and the state. */
  sha256: z.string(),
});

type Record = z.infer<typeof recordSchema>;
type Entry = SavedState & Record;

const kinds = ['state', 'json', 'part'] as const;
const ours = /^(?<id>[\da-f-]{36})\.(?:state|json|part)$/;

export class StateFiles {
  readonly #folder: string;
  /** Read from the disk at first use. */
  #entries: Map<string, Entry> | null = null;
  #budgetBytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** From now on the files take at most so many bytes; 0 keeps none. */
  limit(budgetBytes: number): StateUsage {
    this.#budgetBytes = budgetBytes;
    this.#fit(budgetBytes);
    return this.usage();
  }

  usage(): StateUsage {
    const entries = [...this.#all().values()];
    return { states: entries.length, sizeBytes: entries.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
  }

  clear(): StateUsage {
    this.#fit(0);
    return this.usage();
  }

  /** The states of a key. */
  list(key: string): readonly SavedState[] {
    return [...this.#all().values()].filter((entry) => entry.key === key);
  }

  /**
   * Adds a state, in place of those that it makes needless, and makes room for it. One that can't fit is not written.
   * @param aboutBytes what it will take
   * @param write writes it to a path
   * @throws whatever writing throws; nothing is left behind then
   */
  async add(
    { key, tokens, batches }: Pick<SavedState, 'key' | 'tokens' | 'batches'>,
    aboutBytes: number,
    write: (path: string) => Promise<unknown>,
  ): Promise<void> {
    if (aboutBytes > this.#budgetBytes) return;
    const entries = this.#all();
    this.#fit(this.#budgetBytes - aboutBytes);
    const id = randomUUID();
    const part = this.#path(id, 'part');
    try {
      mkdirSync(this.#folder, { recursive: true });
      await write(part);
      const { size: sizeBytes } = statSync(part);
      const content = { key, tokens: [...tokens], batches: batches && [...batches], sizeBytes };
      const record: Record = { ...content, sha256: await checksum(content, part) };
      renameSync(part, this.#path(id, 'state'));
      // The record comes last: a state without one is not there.
      writeFileSync(part, JSON.stringify(record));
      renameSync(part, this.#path(id, 'json'));
      for (const state of superseded(this.list(key), tokens)) this.#remove(state.id);
      entries.set(id, { ...record, id, usedAtMs: Date.now() });
    } catch (thrown) {
      this.#remove(id);
      throw thrown;
    }
    this.#fit(this.#budgetBytes);
  }

  /**
   * Hands out the path of a state that is as it was written, and counts it as used. Any other is removed.
   * @returns null when it is not to be trusted
   */
  async open({ id }: SavedState): Promise<string | null> {
    const entry = this.#all().get(id);
    if (entry === undefined) return null;
    const path = this.#path(id, 'state');
    try {
      if ((await checksum(entry, path)) !== entry.sha256) throw new Error('damaged');
      const now = new Date();
      utimesSync(this.#path(id, 'json'), now, now);
      this.#all().set(id, { ...entry, usedAtMs: now.getTime() });
      return path;
    } catch {
      this.#remove(id);
      return null;
    }
  }

  /** Removes a state that turned out to be of no use. */
  remove({ id }: SavedState): void {
    this.#remove(id);
  }

  #fit(budgetBytes: number): void {
    for (const { id } of overBudget([...this.#all().values()], budgetBytes)) this.#remove(id);
  }

  #remove(id: string): void {
    this.#all().delete(id);
    for (const kind of kinds) rmSync(this.#path(id, kind), { force: true });
  }

  #path(id: string, kind: (typeof kinds)[number]): string {
    return join(this.#folder, `${id}.${kind}`);
  }

  /** What is there; files that belong to nothing, as after a crash, are removed. */
  #all(): Map<string, Entry> {
    if (this.#entries !== null) return this.#entries;
    this.#entries = new Map();
    const names = existsSync(this.#folder) ? readdirSync(this.#folder) : [];
    for (const id of new Set(names.flatMap((name) => ours.exec(name)?.groups?.['id'] ?? []))) {
      const entry = this.#read(id);
      if (entry === null) this.#remove(id);
      else this.#entries.set(id, entry);
    }
    return this.#entries;
  }

  #read(id: string): Entry | null {
    try {
      const path = this.#path(id, 'json');
      const record = recordSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
      if (statSync(this.#path(id, 'state')).size !== record.sizeBytes) return null;
      return { ...record, id, usedAtMs: statSync(path).mtimeMs };
    } catch {
      return null;
    }
  }
}

async function checksum(record: Omit<Record, 'sha256'>, path: string): Promise<string> {
  const { key, tokens, batches, sizeBytes } = record;
  const hash = createHash('sha256').update(JSON.stringify([key, tokens, batches, sizeBytes]));
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}
