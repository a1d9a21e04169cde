/** Owns which models the files of a repository are: split files are one, what is no model is left out; asks nobody. */
import { t } from '../../../preload/contract/language.js';
import type { HubModel } from '../../../preload/contract/hub.js';
import type { RemoteFile } from '../../../preload/contract/downloads.js';
import { baseNameOf, qualityOf, quantizationOf } from './quantizations.js';

/** A file in a repository. `path` has `/` between folders. */
export type HubFile = {
  readonly path: string;
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
};

/** llama.cpp's own way to split a model: `name-00001-of-00003.gguf`. */
const split = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i;
const isGguf = (path: string) => /\.gguf$/i.test(path);
/** Projectors of images and importance matrices are GGUF files too, but no models. */
const noModel = /(^|[/.-])(mmproj|imatrix)[^/]*\.gguf$/i;

/**
 * The models among files, smallest first.
 * @param remote the file as it is fetched
 */
export function modelsOf(files: readonly HubFile[], remote: (file: HubFile) => RemoteFile): HubModel[] {
  const groups = new Map<string, { parts: Map<number, HubFile>; count: number }>();
  for (const file of files) {
    if (!isGguf(file.path) || noModel.test(file.path)) continue;
    const [, name = file.path, index = '1', count = '1'] = split.exec(file.path) ?? [];
    const key = `${name}\n${count}`;
    const group = groups.get(key) ?? { parts: new Map(), count: Number(count) };
    group.parts.set(Number(index), file);
    groups.set(key, group);
  }
  return [...groups]
    .map(([key, { parts, count }]) => toModel(key.split('\n')[0]!, parts, count, remote))
    .sort((a, b) => (a.sizeBytes ?? Infinity) - (b.sizeBytes ?? Infinity) || a.name.localeCompare(b.name));
}

function toModel(
  path: string,
  parts: ReadonlyMap<number, HubFile>,
  count: number,
  remote: (file: HubFile) => RemoteFile,
): HubModel {
  const ordered = [...parts].sort(([a], [b]) => a - b).map(([, file]) => file);
  const isWhole = Array.from({ length: count }, (_, at) => parts.has(at + 1)).every(Boolean);
  const name = path
    .split('/')
    .at(-1)!
    .replace(/\.gguf$/i, '');
  const quantization = quantizationOf(name) ?? quantizationOf(path);
  return {
    name,
    family: baseNameOf(name),
    quantization,
    quality: quantization === null ? null : qualityOf(quantization),
    sizeBytes: ordered.some(({ sizeBytes }) => sizeBytes === null)
      ? null
      : ordered.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0),
    files: ordered.map(remote),
    problem: isWhole
      ? null
      : t('It has {present} of {count} parts here.', { present: ordered.length, count }),
  };
}

/** Why a repository without a model has none, by what it has instead. */
export function emptyBecause(paths: readonly string[]): string {
  const has = (pattern: RegExp) => paths.some((path) => pattern.test(path));
  if (paths.some(isGguf)) return t('Its GGUF files are no models but parts for images, or for quantising.');
  if (has(/\.gguf[.-](part|split)/i))
    return t(
      'Its files are pieces of GGUF models that were cut in an old way. Altiplano can’t put them together; look for another repository of this model.',
    );
  if (has(/ggml.*\.bin$/i))
    return t(
      'It has files of the older GGML format. Download one in the browser and bring it in under Import.',
    );
  if (has(/\.(safetensors|bin|pth)$/i))
    return t(
      'It has the original weights, not GGUF files. Search for its name with “GGUF”, or bring the weights in under Import.',
    );
  return t('It has no model files.');
}
