/** Owns the sums that a release gives for its recovered files, and comparing with them; never changes a file. */
import { t } from '../../../preload/contract/language.js';
import { createHash } from 'node:crypto';
import { AppError } from '../../../preload/contract/errors.js';
import type { ExactBytes } from './exact-bytes.js';
import { forgeCancelled } from './gguf-writer.js';
import type { ModelFolder } from './model-folder.js';

export type Checksum = { readonly algorithm: 'md5' | 'sha256'; readonly hex: string };

const readBytes = 8 * 2 ** 20;

/**
 * The sums in a text such as the card of the OpenAssistant releases: lines of `md5sum` or `sha256sum`. A file that is
 * listed twice has the sum of the base first and that of the result last.
 */
export function readChecksums(text: string): Map<string, Checksum> {
  const sums = new Map<string, Checksum>();
  for (const [, hex, file] of text.matchAll(
    /^\s*([0-9a-f]{32}|[0-9a-f]{64})\s+\*?(?:\.\/)?([\w.-]+)\s*$/gim,
  )) {
    const algorithm = hex!.length === 32 ? 'md5' : 'sha256';
    sums.set(file!, { algorithm, hex: hex!.toLowerCase() });
  }
  return sums;
}

/**
 * Reads files whole and compares their sums.
 * @throws AppError bad-input naming the first file that differs, or cancelled
 */
export async function verifyChecksums(
  folder: ModelFolder,
  sums: ReadonlyMap<string, Checksum>,
  {
    signal,
    onProgress,
  }: { signal: AbortSignal; onProgress: (doneBytes: number, totalBytes: number) => void },
): Promise<void> {
  const files: ExactBytes[] = [];
  try {
    for (const name of sums.keys()) files.push(await folder.open(name));
    const total = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    let done = 0;
    for (const file of files) {
      const { algorithm, hex } = sums.get(file.name)!;
      const hash = createHash(algorithm);
      for (let offset = 0; offset < file.sizeBytes; offset += readBytes) {
        if (signal.aborted) throw forgeCancelled();
        const bytes = await file.read(offset, Math.min(readBytes, file.sizeBytes - offset));
        hash.update(bytes);
        done += bytes.length;
        onProgress(done, total);
      }
      if (hash.digest('hex') !== hex) throw differs(file.name, algorithm);
    }
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}

function differs(file: string, algorithm: string): AppError {
  return new AppError({
    code: 'bad-input',
    message: t('{file} would not be what the release says: its {algorithm} sum is another one.', {
      file,
      algorithm,
    }),
    hint: t(
      'The base must be byte for byte the conversion that the release describes. Check the base, or download the XOR files again.',
    ),
  });
}

/** The published sum of all weights of a recovered model, where there is one. */
export type WeightSum = { readonly of: string; readonly sum: number };

/** stanford_alpaca, weight_diff.py */
const alpaca7B: WeightSum = { of: 'Alpaca 7B', sum: 50_637.1836 };

/** A sum of billions of floats depends on their order in the last digits. */
const relativeTolerance = 1e-4;
const leastTolerance = 0.05;

/**
 * @param folderName where the difference came from, as Alpaca’s release has no file with the sum
 * @param sumFile the text of checksum_psum.txt, as later releases have it (epfml/landmark-attention, weight_diff.py)
 */
export function publishedSum(
  folderName: string,
  { vocabulary, layers }: { readonly vocabulary: number; readonly layers: number },
  sumFile: string | null,
): WeightSum | null {
  const sum = sumFile === null || sumFile.trim() === '' ? NaN : Number(sumFile);
  if (Number.isFinite(sum)) return { of: folderName, sum };
  const isAlpaca = /alpaca-7b/i.test(folderName) && vocabulary === 32_001 && layers === 32;
  return isAlpaca ? alpaca7B : null;
}

/**
 * @param ropeSum what the frequencies of the rope add up to: files of 2023 count them as weights, later ones don't
 * @throws AppError bad-input
 */
export function checkSum(published: WeightSum, sum: number, ropeSum: number): void {
  const tolerance = Math.max(leastTolerance, Math.abs(published.sum) * relativeTolerance);
  if ([sum, sum + ropeSum].some((found) => Math.abs(found - published.sum) <= tolerance)) return;
  throw new AppError({
    code: 'bad-input',
    message: t(
      'The recovered weights are not those of {model}: they add up to {sum} instead of {expected}.',
      {
        model: published.of,
        sum: sum.toFixed(4),
        expected: published.sum,
      },
    ),
    hint: t(
      'Check that the base is the original LLaMA model of the same size, and that all files are complete.',
    ),
  });
}
