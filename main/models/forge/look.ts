/** Owns telling what a chosen file is, before anything is made of it; never changes one. */
import { t } from '../../../preload/contract/language.js';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ForgeSource, GgufSource } from '../../../preload/contract/forge.js';
import { checkModel } from '../../engine/gguf-check.js';
import { fileTypeNames } from '../../engine/gguf-types.js';
import { readGguf } from '../../engine/gguf.js';
import { displayName } from '../display-name.js';
import { brokenFile } from './exact-bytes.js';
import { isLegacyMagic } from './legacy-file.js';
import { lookAtLegacy } from './legacy-import.js';

/** Quantised types end here; BF16 came later. */
const f16 = 1;
const bf16 = 32;

/** @throws AppError with what is wrong with the file and what to do */
export async function look(path: string): Promise<ForgeSource> {
  const start = await firstBytes(path);
  if (start.toString('latin1') === 'GGUF') return lookAtGguf(path);
  if (isLegacyMagic(start) || start.toString('latin1') === 'algg') return lookAtLegacy(path);
  throw brokenFile(
    basename(path),
    t('it is neither a GGML nor a GGUF model'),
    t('Choose a .bin file in GGML form (LLaMA, 2023) or a .gguf file.'),
  );
}

async function lookAtGguf(path: string): Promise<GgufSource> {
  const header = await readGguf(path);
  checkModel(header);
  const fileType = header.metadata.get('general.file_type');
  let parameters = 0;
  for (const dimensions of header.tensors.values()) parameters += dimensions.reduce((a, b) => a * b, 1);
  return {
    kind: 'gguf',
    path,
    sizeBytes: header.sizeBytes,
    quantization: typeof fileType === 'number' ? (fileTypeNames[fileType] ?? null) : null,
    isLossy: typeof fileType === 'number' && fileType > f16 && fileType !== bf16,
    parameters,
    name: displayName(path),
  };
}

async function firstBytes(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw brokenFile(
      basename(path),
      t('it can’t be opened'),
      t('The system says: {problem}.', { problem: String(thrown) }),
    );
  }
}
