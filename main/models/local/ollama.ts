/** Owns reading the store of Ollama: which blobs are models, and by what names; never changes it. */
import { opendir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { FoundFile } from './scan.js';

const modelLayer = 'application/vnd.ollama.image.model';
/** `manifests/HOST/NAMESPACE/MODEL/TAG`. */
const nameDepth = 4;
const maxManifests = 2000;
const maxManifestBytes = 1_000_000;

const manifestSchema = z.object({
  layers: z.array(z.object({ mediaType: z.string(), digest: z.string() })),
});

/** The SHA-256 of the model in a manifest (an OCI image manifest); null for one that is broken or has none. */
export function modelDigest(manifest: string): string | null {
  try {
    const { layers } = manifestSchema.parse(JSON.parse(manifest));
    const digest = layers.find(({ mediaType }) => mediaType === modelLayer)?.digest;
    // Becomes part of a path: nothing but a digest will do.
    return /^sha256[:-]([\da-f]{64})$/.exec(digest ?? '')?.[1] ?? null;
  } catch {
    return null;
  }
}

/** The name by which Ollama knows a model: what is usual in it is left out, as Ollama's own registry. */
export function ollamaName([host, namespace, model, tag]: readonly string[]): string {
  const owner = namespace === 'library' ? '' : `${namespace}/`;
  return `${host?.startsWith('registry.ollama.') ? '' : `${host}/`}${owner}${model}:${tag}`;
}

/** @param folder with `blobs` and `manifests` in it; what is broken in it is passed over */
export async function readOllamaStore(folder: string): Promise<FoundFile[]> {
  const files = new Map<string, FoundFile>();
  for (const names of await manifests(join(folder, 'manifests'))) {
    const file = join(folder, 'manifests', ...names);
    const sha256 = modelDigest(await readSmall(file));
    if (sha256 === null) continue;
    const path = join(folder, 'blobs', `sha256-${sha256}`);
    // Tags share blobs: the first name stands for all.
    if (files.has(path)) continue;
    const name = ollamaName(names);
    files.set(path, { path, name, store: 'Ollama', expectedSha256: sha256, origin: `ollama ${name}` });
  }
  return [...files.values()];
}

/** The names on the way to each manifest. */
async function manifests(root: string): Promise<string[][]> {
  const found: string[][] = [];
  const enter = async (names: readonly string[]): Promise<void> => {
    const entries = [];
    try {
      for await (const entry of await opendir(join(root, ...names))) entries.push(entry);
    } catch {
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (found.length >= maxManifests) return;
      const path = [...names, entry.name];
      if (entry.isDirectory() && path.length < nameDepth) await enter(path);
      else if (entry.isFile() && path.length === nameDepth) found.push(path);
    }
  };
  await enter([]);
  return found;
}

async function readSmall(path: string): Promise<string> {
  try {
    return (await stat(path)).size > maxManifestBytes ? '' : await readFile(path, 'utf8');
  } catch {
    return '';
  }
}
