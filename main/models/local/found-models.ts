/** Owns turning found files into models: parts become one, and the same model at several places is listed once. */
import type { ModelFile } from '../../../preload/contract/local-models.js';
import { partOf, partPaths } from '../../engine/gguf-parts.js';
import { displayName } from '../display-name.js';
import type { FoundFile } from './scan.js';

/** A file, and how it came to the list. */
export type ListedFile = FoundFile & Pick<ModelFile, 'source' | 'folder'>;
export type FoundModel = ListedFile & Pick<ModelFile, 'parts'>;

/** One model for all its parts, and for a path that was found twice; the first one found counts. */
export function groupParts(files: readonly ListedFile[]): FoundModel[] {
  const models = new Map<string, FoundModel>();
  for (const file of files) {
    const parts = [...partPaths(file.path)];
    const path = parts[0]!;
    const key = partOf(file.path) === null ? path : path.toLowerCase();
    const name = file.name === displayName(file.path) ? displayName(path) : file.name;
    if (!models.has(key)) models.set(key, { ...file, path, parts, name });
  }
  return [...models.values()];
}

const worth = { models: 0, starter: 1, folder: 2, file: 3 } as const;

/**
 * Lists models that are the same once, with all their places: the one in the models folder, else the first.
 * @param keys what tells a model from others, in the order of the models: those that share one are the same
 */
export function mergeSame(models: readonly ModelFile[], keys: readonly (readonly string[])[]): ModelFile[] {
  const groups: ModelFile[][] = [];
  const byKey = new Map<string, ModelFile[]>();
  models.forEach((model, index) => {
    const group = keys[index]!.map((key) => byKey.get(key)).find((known) => known !== undefined) ?? [];
    if (group.length === 0) groups.push(group);
    group.push(model);
    for (const key of keys[index]!) byKey.set(key, group);
  });
  return groups.map((group) => {
    const [first, ...others] = group.sort((a, b) => worth[a.source] - worth[b.source]);
    const uses = group.flatMap(({ usedAt }) => usedAt ?? []);
    return {
      ...first!,
      // A name that an app gave says more than that of a blob.
      name: group.map(({ name }) => name).find((name) => !/^sha256-/.test(name)) ?? first!.name,
      places: [...first!.places, ...others.flatMap(({ path, places }) => [path, ...places])],
      usedAt: uses.length === 0 ? null : Math.max(...uses),
    };
  });
}

/** Models of which only reading can tell whether they are the same: sound ones of one size. */
export function lookAlikes(models: readonly ModelFile[]): ModelFile[] {
  const bySize = new Map<string, ModelFile[]>();
  for (const model of models) {
    if (model.problem !== null) continue;
    const key = `${model.sizeBytes}:${model.parts.length}`;
    bySize.set(key, [...(bySize.get(key) ?? []), model]);
  }
  return [...bySize.values()].filter((group) => group.length > 1).flat();
}
