/** Owns finding model files under a folder, bounded in depth and count; never reads one and changes nothing. */
import { t } from '../../../preload/contract/language.js';
import type { BigIntStats, Dirent } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { displayName } from '../display-name.js';
import { readOllamaStore } from './ollama.js';

export type FoundFile = {
  readonly path: string;
  readonly name: string;
  /** The app in whose store it lies, where files are not to be touched one by one; null for a plain file. */
  readonly store: string | null;
  /** By the name that the store gave it. */
  readonly expectedSha256: string | null;
  readonly origin: string | null;
};

export type Scan = {
  readonly files: readonly FoundFile[];
  /** The folders that were looked into. */
  readonly folders: readonly string[];
  /** Downloads that are not finished: never models. */
  readonly partFiles: readonly string[];
  /** Why not all of it could be seen; null when it was. */
  readonly problem: string | null;
};

export type ScanLimits = { readonly depth: number; readonly entries: number };

const usualLimits: ScanLimits = { depth: 8, entries: 50_000 };

/** Looks through a folder and what is below it. A folder that links lead back to is looked into once. */
export async function scanFolder(root: string, limits: ScanLimits = usualLimits): Promise<Scan> {
  const scanner = new Scanner(limits);
  await scanner.enter(root, 0);
  return scanner.result();
}

class Scanner {
  readonly #limits: ScanLimits;
  readonly #files: FoundFile[] = [];
  /** After the files: what a model is called says the file, not a link to it. */
  readonly #links: FoundFile[] = [];
  readonly #folders: string[] = [];
  readonly #partFiles: string[] = [];
  readonly #seen = new Set<string>();
  #entries = 0;
  #problem: string | null = null;

  constructor(limits: ScanLimits) {
    this.#limits = limits;
  }

  result(): Scan {
    const { entries } = this.#limits;
    const full = t(
      'This folder is too large: only its first {entries, number} entries were looked at. Add a smaller one.',
      { entries },
    );
    const problem = this.#entries > entries ? full : this.#problem;
    return {
      files: [...this.#files, ...this.#links],
      folders: this.#folders,
      partFiles: this.#partFiles,
      problem,
    };
  }

  async enter(folder: string, depth: number): Promise<void> {
    const names = await this.#read(folder, depth);
    if (names === null) return;
    this.#folders.push(folder);
    const folders: string[] = [];
    for (const entry of names) {
      const path = join(folder, entry.name);
      const kind = await kindOf(entry, path);
      if (kind === 'folder') folders.push(entry.name);
      else if (kind === 'file') await this.#take(path, entry.isSymbolicLink());
    }
    if (folders.includes('blobs') && folders.includes('manifests')) {
      this.#files.push(...(await readOllamaStore(folder)));
      return;
    }
    if (depth >= this.#limits.depth) return;
    for (const name of folders) if (!name.startsWith('.')) await this.enter(join(folder, name), depth + 1);
  }

  /** The entries of a folder that was not seen before, in the order of their names; null when it can't be read. */
  async #read(folder: string, depth: number): Promise<Dirent[] | null> {
    if (this.#entries > this.#limits.entries) return null;
    const entries: Dirent[] = [];
    try {
      const id = identityOf(await stat(folder, { bigint: true }));
      if (this.#seen.has(id)) return null;
      this.#seen.add(id);
      for await (const entry of await opendir(folder)) {
        if (++this.#entries > this.#limits.entries) break;
        entries.push(entry);
      }
    } catch (thrown) {
      this.#problem ??= folderProblem(thrown, depth === 0 ? null : folder);
      return null;
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #take(path: string, isLink: boolean): Promise<void> {
    if (path.toLowerCase().endsWith('.part')) this.#partFiles.push(path);
    if (!path.toLowerCase().endsWith('.gguf')) return;
    const plain = { path, name: displayName(path), store: null, expectedSha256: null, origin: null };
    const origin = hubCacheOrigin(path);
    const found = isLink ? this.#links : this.#files;
    if (origin === null) found.push(plain);
    else {
      const store = 'Hugging Face';
      const expectedSha256 = isLink ? await blobHash(path) : null;
      found.push({ ...plain, store, expectedSha256, origin });
    }
  }
}

/** What tells a file or folder from all others on this machine, whatever paths lead to it. */
export const identityOf = ({ dev, ino }: BigIntStats) => `${dev}:${ino}`;

/** Whether a path is a folder or lies below it. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

async function kindOf(entry: Dirent, path: string): Promise<'file' | 'folder' | null> {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (!entry.isSymbolicLink()) return null;
  const target = await stat(path).catch(() => null);
  // A link to a file that is gone is still listed: its problem is told where files are described.
  if (target === null) return 'file';
  return target.isDirectory() ? 'folder' : 'file';
}

/** @param below null for the folder itself */
function folderProblem(thrown: unknown, below: string | null): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (below !== null) return t('{name} in it can’t be read.', { name: basename(below) });
  if (code === 'ENOENT') return t('This folder is not there now. Is its disk connected?');
  if (code === 'ENOTDIR') return t('This is not a folder any more.');
  if (code === 'EACCES' || code === 'EPERM') return t('This folder can’t be read: you have no right to.');
  return t('This folder can’t be read ({code}).', { code: String(code ?? thrown) });
}

/**
 * Where a file in the cache of huggingface_hub came from; null for a file elsewhere. Its layout is
 * `models--OWNER--NAME/snapshots/REVISION/FILE` (“Understand caching” in the documentation of huggingface_hub).
 */
export function hubCacheOrigin(path: string): string | null {
  const parts = path.split(/[\\/]/);
  const at = parts.lastIndexOf('snapshots');
  const repository = at > 0 ? parts[at - 1] : undefined;
  const revision = parts[at + 1];
  if (repository === undefined || revision === undefined || !repository.startsWith('models--')) return null;
  return `${repository.slice('models--'.length).replace('--', '/')}@${revision.slice(0, 8)}`;
}

/** Large files of that cache are links to blobs named by their SHA-256. */
async function blobHash(path: string): Promise<string | null> {
  const target = await realpath(path).catch(() => '');
  const name = basename(target);
  return basename(dirname(target)) === 'blobs' && /^[\da-f]{64}$/.test(name) ? name : null;
}
