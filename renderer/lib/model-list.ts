/** Owns which models a list shows and in what order; pure. */
import { t } from '../../preload/contract/language.js';
import type { ModelFile } from '../../preload/contract/local-models.js';
import { readRemotePath, remoteModelName } from '../../preload/contract/remote-path.js';
import { fileName } from './format.js';

export const orders = {
  name: t('Name'),
  used: t('Last used'),
  modified: t('Date'),
  size: t('Size'),
} as const;

export type Order = keyof typeof orders;

const byName = (a: ModelFile, b: ModelFile) => a.name.localeCompare(b.name, undefined, { numeric: true });

const compare: Readonly<Record<Order, (a: ModelFile, b: ModelFile) => number>> = {
  name: byName,
  used: (a, b) => (b.usedAt ?? 0) - (a.usedAt ?? 0) || byName(a, b),
  modified: (a, b) => (b.modifiedMs ?? 0) - (a.modifiedMs ?? 0) || byName(a, b),
  size: (a, b) => b.sizeBytes - a.sizeBytes || byName(a, b),
};

/** The models in which every word of the filter stands somewhere, the largest and the newest first where that is the order. */
export function shownModels(files: readonly ModelFile[], filter: string, order: Order): ModelFile[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const text = ({ name, path, architecture, quantization, origin }: ModelFile) =>
    [name, path, architecture, quantization, origin].join(' ').toLowerCase();
  return files.filter((file) => words.every((word) => text(file).includes(word))).sort(compare[order]);
}

/** The models that were used last, newest first. */
export function recentModels(files: readonly ModelFile[], count: number): ModelFile[] {
  return shownModels(
    files.filter(({ usedAt }) => usedAt !== null),
    '',
    'used',
  ).slice(0, count);
}

/** The name of a model that no list has any more. */
export function pathName(path: string): string {
  const remote = readRemotePath(path);
  return remote === null ? fileName(path) : remoteModelName(remote.model);
}
