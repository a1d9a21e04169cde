/** Owns reading the header of a safetensors file (format: huggingface/safetensors, README); never reads the values. */
import { t } from '../../../preload/contract/language.js';
import { z } from 'zod';
import { brokenFile, type ExactBytes } from './exact-bytes.js';
import { elementsOf, floatTypes, isFloatType, isShape, type StoredTensor } from './stored-tensor.js';

/** The limit that the format itself sets. */
const maxHeaderBytes = 100_000_000;
const lengthBytes = 8;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.custom<readonly number[]>(isShape),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});

/** @throws AppError bad-input with what is wrong */
export async function readSafetensors(file: ExactBytes): Promise<StoredTensor[]> {
  if (file.sizeBytes < lengthBytes) throw brokenFile(file.name, t('it is too short'));
  const headerBytes = Number((await file.read(0, lengthBytes)).readBigUInt64LE());
  if (headerBytes > Math.min(maxHeaderBytes, file.sizeBytes - lengthBytes)) {
    throw brokenFile(file.name, t('its header is longer than it can be'));
  }
  const header = parse(file, await file.read(lengthBytes, headerBytes));
  const dataStart = lengthBytes + headerBytes;
  const tensors = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => tensorOf(file, name, entry, dataStart));
  let end = dataStart;
  for (const { tensor, endsAt } of [...tensors].sort((a, b) => a.tensor.offset - b.tensor.offset)) {
    if (tensor.offset < end)
      throw brokenFile(file.name, t('the tensor {name} lies within another one', { name: tensor.name }));
    end = endsAt;
  }
  return tensors.map(({ tensor }) => tensor);
}

function parse(file: ExactBytes, bytes: Buffer): object {
  try {
    const header: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return header;
  } catch {
    // The message below says it.
  }
  throw brokenFile(file.name, t('its header is not that of a safetensors file'));
}

function tensorOf(file: ExactBytes, name: string, entry: unknown, dataStart: number) {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success)
    throw brokenFile(file.name, t('its description of the tensor {name} makes no sense', { name }));
  const { dtype: type, shape, data_offsets } = parsed.data;
  const [from, to] = data_offsets;
  if (to < from || dataStart + to > file.sizeBytes) {
    throw brokenFile(file.name, t('it ends before the tensor {name} does', { name }));
  }
  if (isFloatType(type) && to - from !== elementsOf(shape) * floatTypes[type]) {
    throw brokenFile(file.name, t('the tensor {name} is not as large as its shape says', { name }));
  }
  const tensor: StoredTensor = { name, type, shape, file, offset: dataStart + from };
  return { tensor, endsAt: dataStart + to };
}
