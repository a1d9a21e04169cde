/** Owns telling which files of the catalogue are on this machine, by what is known of the files here; reads no file. */
import { basename } from 'node:path';
import type { CatalogueFile } from '../../../preload/contract/catalogue.js';
import type { ModelFile, ModelRecord } from '../../../preload/contract/local-models.js';

/** A file here, with what is known of it beside its name and size. */
export type LocalFile = Pick<ModelFile, 'path' | 'sizeBytes'> & {
  readonly record: Pick<ModelRecord, 'sha256' | 'expectedSha256' | 'origin'> | null;
};

/** A size that is not exact may be off by its last digit shown. */
const roundingShare = 0.01;

/**
 * The path of a file of the catalogue on this machine; null when it is not here. Its hash tells for sure; else where it
 * was fetched from; else its name and size, for a file that came here by other ways.
 */
export function pathOnMachine(
  repository: string,
  file: CatalogueFile,
  local: readonly LocalFile[],
): string | null {
  return local.find((one) => isSame(repository, file, one))?.path ?? null;
}

function isSame(repository: string, file: CatalogueFile, { path, sizeBytes, record }: LocalFile): boolean {
  const hash = record?.sha256 ?? record?.expectedSha256 ?? null;
  if (hash !== null && file.sha256 !== null) return hash === file.sha256;
  if (basename(path) !== file.fileName) return false;
  const fetchedFrom = /^([\w.-]+\/[\w.-]+)(?:@|$)/.exec(record?.origin ?? '')?.[1];
  if (fetchedFrom !== undefined) return fetchedFrom === repository;
  const mayDiffer = file.sizeFrom === 'exact' ? 0 : roundingShare * file.sizeBytes;
  return Math.abs(sizeBytes - file.sizeBytes) <= mayDiffer;
}
