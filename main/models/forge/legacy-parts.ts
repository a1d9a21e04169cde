/**
 * Owns a GGML model as one: alone in its file, or in the parts (`.bin`, `.bin.1`, …) that the first converters wrote for
 * the larger sizes; its tensors by their GGUF names, checked against its shape, and their data in pieces.
 */
import { t } from '../../../preload/contract/language.js';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { brokenFile, openBytes, type ExactBytes } from './exact-bytes.js';
import type { TensorSource } from './gguf-writer.js';
import {
  legacyBytes,
  notLlama,
  readLegacyFile,
  unsupported,
  type LegacyFile,
  type LegacyTensor,
} from './legacy-file.js';

export type LegacyModel = LegacyFile & {
  /** The files that it lies in. */
  readonly paths: readonly string[];
  readonly feedForward: number;
  readonly kvHeads: number;
  readonly parameters: number;
  readonly matrices: readonly LegacyMatrix[];
};

/** A tensor of the whole model. */
type LegacyMatrix = {
  /** As GGUF calls it. */
  readonly name: string;
  readonly dimensions: readonly number[];
  /** Its part in each file. */
  readonly parts: readonly LegacyTensor[];
  readonly split: Split;
};

/** Which parts of a tensor the files have: all the same, a share of its rows, or a share of each row. */
type Split = 'none' | 'rows' | 'columns';

/** Names in GGML files, what GGUF calls them, and how they were shared out. */
const outer: Readonly<Record<string, readonly [string, Split]>> = {
  'tok_embeddings.weight': ['token_embd.weight', 'columns'],
  'norm.weight': ['output_norm.weight', 'none'],
  'output.weight': ['output.weight', 'rows'],
};
const inner: Readonly<Record<string, readonly [string, Split]>> = {
  'attention_norm.weight': ['attn_norm.weight', 'none'],
  'attention.wq.weight': ['attn_q.weight', 'rows'],
  'attention.wk.weight': ['attn_k.weight', 'rows'],
  'attention.wv.weight': ['attn_v.weight', 'rows'],
  'attention.wo.weight': ['attn_output.weight', 'columns'],
  'ffn_norm.weight': ['ffn_norm.weight', 'none'],
  'feed_forward.w1.weight': ['ffn_gate.weight', 'rows'],
  'feed_forward.w2.weight': ['ffn_down.weight', 'columns'],
  'feed_forward.w3.weight': ['ffn_up.weight', 'rows'],
};
/** About as much as is in memory at once. */
const pieceBytes = 4 * 2 ** 20;
const mostParts = 8;

/** @throws AppError bad-input or model-unsupported with what is wrong, and what to do */
export async function readLegacyModel(path: string): Promise<LegacyModel> {
  const first = await readLegacyFile(path);
  const paths = await partPaths(path, first);
  const files = [first];
  for (const part of paths.slice(1)) files.push(await readLegacyFile(part));
  for (const [index, file] of files.entries()) {
    const alike =
      file.width === first.width && file.layers === first.layers && file.container === first.container;
    if (!alike) throw brokenFile(basename(paths[index]!), t('it is no part of the same model'));
  }
  const matrices = wanted(first).map(([legacy, name, split]) => join(files, legacy, name, split));
  const rows = (name: string) => matrices.find((matrix) => matrix.name === name)!.dimensions[1] ?? 0;
  const kvHeads = (rows('blk.0.attn_k.weight') * first.heads) / first.width;
  const feedForward = rows('blk.0.ffn_gate.weight');
  checkShapes(first, matrices, kvHeads, feedForward);
  const known = matrices.length + [...first.tensors.keys()].filter((name) => name.endsWith('.freqs')).length;
  if (first.tensors.size > known) throw notLlama();
  const parameters = matrices.reduce((sum, { dimensions }) => sum + dimensions.reduce((a, b) => a * b, 1), 0);
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { ...first, sizeBytes, paths, feedForward, kvHeads, parameters, matrices };
}

/** The embeddings' rows are cut into as many pieces as there are files. */
async function partPaths(path: string, first: LegacyFile): Promise<string[]> {
  const rowLength = first.tensors.get('tok_embeddings.weight')?.dimensions[0];
  if (rowLength === undefined) throw notLlama();
  const count = first.width / rowLength;
  if (!Number.isInteger(count) || count > mostParts) throw notLlama();
  if (count > 1 && /\.\d$/.test(path)) {
    throw unsupported(
      t('This is one of several parts of a model.'),
      t('Choose the part without a number at its end.'),
    );
  }
  const paths = Array.from({ length: count }, (_, index) => (index === 0 ? path : `${path}.${index}`));
  for (const part of paths) {
    await access(part).catch(() => {
      throw unsupported(
        t('This model is in {count} parts, and {name} is missing.', { count, name: basename(part) }),
        t('Put all parts into the same folder, under the names that they came with.'),
      );
    });
  }
  return paths;
}

function wanted({ layers }: LegacyFile): (readonly [legacy: string, name: string, split: Split])[] {
  return [
    ...Object.entries(outer).map(([legacy, [name, split]]) => [legacy, name, split] as const),
    ...Array.from({ length: layers }, (_, layer) =>
      Object.entries(inner).map(
        ([legacy, [name, split]]) => [`layers.${layer}.${legacy}`, `blk.${layer}.${name}`, split] as const,
      ),
    ).flat(),
  ];
}

function join(files: readonly LegacyFile[], legacy: string, name: string, split: Split): LegacyMatrix {
  const parts = files.map(({ tensors }) => {
    const part = tensors.get(legacy);
    if (part === undefined)
      throw brokenFile(t('This GGML file'), t('its {tensor} is missing', { tensor: legacy }));
    return part;
  });
  const { dimensions, layout } = parts[0]!;
  const same = (part: LegacyTensor) =>
    part.dimensions.join() === dimensions.join() && part.layout.becomes === layout.becomes;
  if (!parts.every(same))
    throw brokenFile(
      t('This GGML file'),
      t('the parts of {tensor} do not fit each other', { tensor: legacy }),
    );
  const whole = dimensions.map(
    (size, axis) => size * (split === (['columns', 'rows'] as const)[axis] ? files.length : 1),
  );
  return { name, dimensions: whole, parts, split };
}

function checkShapes(
  { width, vocabulary, heads }: LegacyFile,
  matrices: readonly LegacyMatrix[],
  kvHeads: number,
  feedForward: number,
): void {
  const kvWidth = (width / heads) * kvHeads;
  const shapes: Readonly<Record<string, readonly number[]>> = {
    token_embd: [width, vocabulary],
    output: [width, vocabulary],
    output_norm: [width],
    attn_norm: [width],
    ffn_norm: [width],
    attn_q: [width, width],
    attn_k: [width, kvWidth],
    attn_v: [width, kvWidth],
    attn_output: [width, width],
    ffn_gate: [width, feedForward],
    ffn_up: [width, feedForward],
    ffn_down: [feedForward, width],
  };
  for (const { name, dimensions } of matrices) {
    const shape = shapes[name.split('.').at(-2)!]!;
    if (dimensions.join() !== shape.join()) {
      throw brokenFile(
        t('This GGML file'),
        t('its {tensor} is {shape} in size, not {expected}', {
          tensor: name,
          shape: dimensions.join(' × '),
          expected: shape.join(' × '),
        }),
      );
    }
  }
  if (!Number.isInteger(kvHeads) || kvHeads < 1 || heads % kvHeads !== 0) throw notLlama();
}

/** The tensors of the new file; the sources stay open until `close`. */
export async function openLegacyTensors({
  paths,
  matrices,
}: LegacyModel): Promise<{ readonly tensors: TensorSource[]; close(): Promise<void> }> {
  const sources = await Promise.all(paths.map(openBytes));
  return {
    tensors: matrices.map((matrix) => ({
      name: matrix.name,
      dimensions: matrix.dimensions,
      type: matrix.parts[0]!.layout.becomes,
      data: () => pieces(matrix, sources),
    })),
    close: async () => void (await Promise.all(sources.map((source) => source.close()))),
  };
}

async function* pieces(
  { parts, split }: LegacyMatrix,
  sources: readonly ExactBytes[],
): AsyncIterable<Uint8Array> {
  const { convert } = parts[0]!.layout;
  const read = async (part: number, from: number, bytes: number) => {
    const data = await sources[part]!.read(parts[part]!.offset + from, bytes);
    return convert === null ? data : convert(data);
  };
  const size = legacyBytes(parts[0]!);
  const rowBytes = size / (parts[0]!.dimensions[1] ?? 1);
  const step =
    rowBytes * Math.max(1, Math.floor(pieceBytes / rowBytes / (split === 'columns' ? parts.length : 1)));
  if (split === 'columns' && parts.length > 1) {
    for (let from = 0; from < size; from += step) {
      const bytes = Math.min(step, size - from);
      yield sideBySide(await Promise.all(parts.map((_, part) => read(part, from, bytes))), bytes / rowBytes);
    }
    return;
  }
  for (let part = 0; part < (split === 'rows' ? parts.length : 1); part++) {
    for (let from = 0; from < size; from += step) yield await read(part, from, Math.min(step, size - from));
  }
}

/** Rows that are shared out over the parts, put together. */
function sideBySide(parts: readonly Uint8Array[], rows: number): Uint8Array {
  const rowBytes = parts[0]!.length / rows;
  const joined = new Uint8Array(rowBytes * rows * parts.length);
  parts.forEach((part, index) => {
    for (let row = 0; row < rows; row++) {
      joined.set(
        part.subarray(row * rowBytes, (row + 1) * rowBytes),
        (row * parts.length + index) * rowBytes,
      );
    }
  });
  return joined;
}
