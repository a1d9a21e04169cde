/** Owns models that are split over several files: which files belong together, and reading their headers as one. */
import { t } from '../../preload/contract/language.js';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../preload/contract/errors.js';
import { readGguf, type GgufHeader } from './gguf.js';
import { notGguf } from './gguf-errors.js';

/** The names that llama.cpp gives to parts, counted from 1 (`llama_split_path` of its llama.h). */
const partName = /^(?<stem>.+)-(?<part>\d{5})-of-(?<count>\d{5})\.gguf$/i;
const maxParts = 1000;

export type PartName = { readonly stem: string; readonly part: number; readonly count: number };

/** What the name of a file says of its place in a split model; null for a file that is a model by itself. */
export function partOf(path: string): PartName | null {
  const groups = partName.exec(basename(path))?.groups;
  if (groups === undefined) return null;
  const [part, count] = [Number(groups['part']), Number(groups['count'])];
  if (count < 2 || count > maxParts || part < 1 || part > count) return null;
  return { stem: groups['stem']!, part, count };
}

/** The files of the model that a file belongs to, the first part first: they lie side by side. */
export function partPaths(path: string): readonly string[] {
  const split = partOf(path);
  if (split === null) return [path];
  const digits = (value: number) => String(value).padStart(5, '0');
  return Array.from({ length: split.count }, (_, index) => {
    const name = `${split.stem}-${digits(index + 1)}-of-${digits(split.count)}.gguf`;
    // The ending as it is written: systems differ in whether case matters.
    return index + 1 === split.part ? path : join(dirname(path), name);
  });
}

/** @throws AppError model-missing that names the parts which are not there */
export function requireParts(paths: readonly string[]): void {
  const missing = paths.filter((path) => !existsSync(path));
  if (missing.length === 0 || paths.length === 1) return;
  const names = missing.slice(0, 3).map((path) => basename(path));
  const total = paths.length;
  const count = missing.length;
  const list = names.join(', ');
  throw new AppError({
    code: 'model-missing',
    message:
      count > 3
        ? t('Of this model’s {total} parts {count} are missing: {list} and {more} more.', {
            ...{ total, count, list, more: count - 3 },
          })
        : t('Of this model’s {total} parts {count, plural, one {# is} other {# are}} missing: {list}.', {
            ...{ total, count, list },
          }),
    hint: t('Put the parts into one folder, or download them again.'),
  });
}

/**
 * Reads the headers of all files of a model as one: the metadata of the first, the tensors and the bytes of all.
 * @param path a model, or any of its parts
 * @throws AppError as `readGguf`, and model-missing for parts that are not there
 */
export async function readModel(path: string, keepArrays?: ReadonlySet<string>): Promise<GgufHeader> {
  const paths = partPaths(path);
  requireParts(paths);
  const first = await readGguf(paths[0]!, keepArrays);
  const count = first.metadata.get('split.count') ?? 1;
  if (typeof count === 'number' && count > 1 && count !== paths.length) {
    throw notGguf(
      t('it is one of {count} parts, and its name does not say which', { count }),
      t('Give the parts back the names they had, like name-00001-of-00003.gguf.'),
    );
  }
  const tensors = new Map(first.tensors);
  let { sizeBytes } = first;
  for (const other of paths.slice(1)) {
    const part = await readGguf(other);
    for (const [name, dimensions] of part.tensors) tensors.set(name, dimensions);
    sizeBytes += part.sizeBytes;
  }
  return { ...first, tensors, sizeBytes };
}
