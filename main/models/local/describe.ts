/** Owns what the list says of each model: its files as they are now, with what is known of them from before. */
import { t } from '../../../preload/contract/language.js';
import { stat } from 'node:fs/promises';
import type { ModelRecordChange } from '../../db/model-files.js';
import { AppError } from '../../../preload/contract/errors.js';
import type { ModelFile, ModelHeader, ModelRecord } from '../../../preload/contract/local-models.js';
import { requireParts } from '../../engine/gguf-parts.js';
import { readSummary } from '../inspect.js';
import type { FoundModel } from './found-models.js';
import { identityOf } from './scan.js';

/** A model of the list, and which file on the disk it is. */
export type Described = { readonly file: ModelFile; readonly identity: string };

type Records = ReadonlyMap<string, ModelRecord>;
type Stamp = Pick<ModelRecord, 'sizeBytes' | 'modifiedMs'>;
type FileNow = { readonly sizeBytes: number; readonly modifiedMs: number; readonly identity: string };

const unread = { shape: null, architecture: null, quantization: null, trainedContext: null };

/**
 * Describes a model; one that can't be used with its problem.
 * @param save keeps what was found out
 */
export async function describe(
  model: FoundModel,
  records: Records,
  save: (change: ModelRecordChange) => Promise<void>,
): Promise<Described> {
  const { path, parts, expectedSha256 } = model;
  const files: (FileNow | null)[] = [];
  let header: ModelHeader;
  try {
    for (const part of parts) files.push(await lookAt(part, parts.length > 1));
    requireParts(parts);
    const first = files[0]!;
    const record = records.get(path);
    const sizeBytes = totalOf(files);
    if (record?.header?.sizeBytes === sizeBytes && isSameFile(record, first)) header = record.header;
    else {
      header = await readSummary(path);
      const { modifiedMs } = first;
      // What was hashed was another file.
      const hash =
        record === undefined || isSameFile(record, first) ? {} : { sha256: null, verifiedAt: null };
      const expected = expectedSha256 === null ? {} : { expectedSha256 };
      await save({ path, sizeBytes: first.sizeBytes, modifiedMs, header, ...hash, ...expected });
    }
  } catch (thrown) {
    header = { ...unread, sizeBytes: totalOf(files), problem: problemOf(thrown) };
  }
  const known = parts.map((part, index) => {
    const record = records.get(part);
    const now = files[index];
    return record === undefined || !now || isSameFile(record, now)
      ? record
      : { ...record, sha256: null, verifiedAt: null };
  });
  return { identity: files[0]?.identity ?? path, file: listing(model, header, known, files[0]?.modifiedMs) };
}

/** A model of a folder that is not there now, as it was when it was. */
export function describeAbsent(model: FoundModel, records: Records): Described {
  const known = model.parts.map((part) => records.get(part));
  const problem = t('Its folder is not there now. Is its disk connected?');
  const header = { ...(known[0]?.header ?? { ...unread, sizeBytes: 0 }), problem };
  return { identity: model.path, file: listing(model, header, known, undefined) };
}

/** Times are compared as exactly as every file system keeps them. */
export function isSameFile(a: Stamp, b: Stamp): boolean {
  return a.sizeBytes === b.sizeBytes && Math.abs((a.modifiedMs ?? 0) - (b.modifiedMs ?? 0)) < 1;
}

/** @param mayLack answers null for a file that is not there: a missing part is told by name later */
async function lookAt(path: string, mayLack: boolean): Promise<FileNow | null> {
  try {
    const info = await stat(path, { bigint: true });
    const modifiedMs = Number(info.mtimeNs / 1000n) / 1000;
    return { sizeBytes: Number(info.size), modifiedMs, identity: identityOf(info) };
  } catch (thrown) {
    if (mayLack) return null;
    throw thrown;
  }
}

const totalOf = (files: readonly (FileNow | null)[]) =>
  files.reduce((sum, file) => sum + (file?.sizeBytes ?? 0), 0);

function problemOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'ENOENT') return t('The file is no longer there.');
  if (code === 'EACCES' || code === 'EPERM') return t('The file can’t be read: you have no right to.');
  return AppError.from(thrown).message;
}

function listing(
  { path, name, parts, source, folder, store, origin, expectedSha256 }: FoundModel,
  header: ModelHeader,
  known: readonly (ModelRecord | undefined)[],
  modifiedMs: number | undefined,
): ModelFile {
  const hashes = known.map((record, index) => ({
    taken: record?.sha256 ?? null,
    expected: record?.expectedSha256 ?? (index === 0 ? expectedSha256 : null),
  }));
  const times = known.flatMap((record) => record?.verifiedAt ?? []);
  return {
    ...{ ...header, path, name, parts: [...parts], places: [], source, folder, store },
    modifiedMs: modifiedMs ?? null,
    usedAt: known[0]?.usedAt ?? null,
    origin: known[0]?.origin ?? origin,
    soundness: soundnessOf(hashes),
    verifiedAt: times.length === parts.length ? Math.min(...times) : null,
  };
}

/** @param hashes of each part: the one taken here, and the one it should have */
function soundnessOf(
  hashes: readonly { readonly taken: string | null; readonly expected: string | null }[],
): ModelFile['soundness'] {
  if (hashes.some(({ taken, expected }) => taken !== null && expected !== null && taken !== expected)) {
    return 'differs';
  }
  if (hashes.some(({ taken }) => taken === null)) return 'unknown';
  return hashes.every(({ taken, expected }) => taken === expected) ? 'verified' : 'hashed';
}
