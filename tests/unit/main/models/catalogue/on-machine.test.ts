import { expect, test } from 'vitest';
import { pathOnMachine, type LocalFile } from '../../../../../main/models/catalogue/on-machine.js';
import type { CatalogueFile } from '../../../../../preload/contract/catalogue.js';

const repository = 'TheBloke/LLaMA-7b-GGUF';
const file: CatalogueFile = {
  fileName: 'llama-7b.Q4_0.gguf',
  quantization: 'Q4_0',
  sizeBytes: 3_825_807_040,
  sizeFrom: 'exact',
  nameSeen: true,
  sha256: 'a'.repeat(64),
};
const local = (
  path: string,
  sizeBytes: number,
  record: Partial<NonNullable<LocalFile['record']>> | null,
) => ({
  path,
  sizeBytes,
  record: record === null ? null : { sha256: null, expectedSha256: null, origin: null, ...record },
});
const find = (one: LocalFile, wanted: Partial<CatalogueFile> = {}) =>
  pathOnMachine(repository, { ...file, ...wanted }, [one]);

test('a file is known by its hash under any name', () => {
  const sha256 = file.sha256!;
  expect(find(local('/m/renamed.gguf', 1, { sha256 }))).toBe('/m/renamed.gguf');
  expect(find(local('/m/renamed.gguf', 1, { expectedSha256: sha256 }))).toBe('/m/renamed.gguf');
});

test('another hash is another file, whatever its name and size', () => {
  const other = local(`/m/${file.fileName}`, file.sizeBytes, { sha256: 'b'.repeat(64) });
  expect(find(other)).toBeNull();
});

test('without a hash it is known by where it was fetched from', () => {
  const from = (origin: string) => find(local(`/m/${file.fileName}`, 5, { origin }), { sha256: null });
  expect(from(repository)).not.toBeNull();
  expect(from(`${repository}@main`)).not.toBeNull();
  expect(from('QuantFactory/llama-7b-GGUF@main')).toBeNull();
});

test('a file that came by other ways is known by its name and size', () => {
  const path = `/m/${file.fileName}`;
  expect(find(local(path, file.sizeBytes, null))).toBe(path);
  expect(find(local(path, file.sizeBytes + 1, null))).toBeNull();
  expect(find(local('/m/other.gguf', file.sizeBytes, null))).toBeNull();
  const rounded = { sizeBytes: 3_830_000_000, sizeFrom: 'rounded' } as const;
  expect(find(local(path, file.sizeBytes, null), rounded)).toBe(path);
  expect(find(local(path, 3_000_000_000, null), rounded)).toBeNull();
});
