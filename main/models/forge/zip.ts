/** Owns reading zip archives that are not trusted (PKWARE’s APPNOTE.TXT, with Zip64); never writes to the disk. */
import { t } from '../../../preload/contract/language.js';
import { inflateRawSync } from 'node:zlib';
import { brokenFile, type ExactBytes } from './exact-bytes.js';

const signatures = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator: 0x07064b50,
};
const sizes = { local: 30, central: 46, end: 22, end64: 56, locator: 20 };
const maxCommentBytes = 65_535;
const maxDirectoryBytes = 64 * 2 ** 20;
const zip64Extra = 1;
const deflate = 8;

export type ZipEntry = {
  readonly headerOffset: number;
  /** As it was before it was packed, as the directory says. */
  readonly sizeBytes: number;
  readonly compressedBytes: number;
  readonly method: 'stored' | 'deflated' | 'other';
  readonly isEncrypted: boolean;
};

/** The entries by name. @throws AppError bad-input with what is wrong */
export async function readZipDirectory(file: ExactBytes): Promise<Map<string, ZipEntry>> {
  const { offset, length } = await findDirectory(file);
  if (length > maxDirectoryBytes || offset + length > file.sizeBytes) {
    throw brokenFile(file.name, t('its directory lies outside of it'));
  }
  const directory = await file.read(offset, length);
  const entries = new Map<string, ZipEntry>();
  for (let at = 0; at + sizes.central <= directory.length;) {
    if (directory.readUInt32LE(at) !== signatures.central) break;
    const nameBytes = directory.readUInt16LE(at + 28);
    const extraBytes = directory.readUInt16LE(at + 30);
    const nameAt = at + sizes.central;
    const next = nameAt + nameBytes + extraBytes + directory.readUInt16LE(at + 32);
    if (next > directory.length) throw brokenFile(file.name, t('its directory is cut off'));
    const name = directory.toString('utf8', nameAt, nameAt + nameBytes);
    if (entries.has(name)) throw brokenFile(file.name, t('it holds {name} twice', { name }));
    entries.set(
      name,
      entryAt(directory, at, directory.subarray(nameAt + nameBytes, nameAt + nameBytes + extraBytes)),
    );
    at = next;
  }
  return entries;
}

/** Where the bytes of an entry begin. @throws AppError bad-input where they are not all there */
export async function dataOffset(file: ExactBytes, name: string, entry: ZipEntry): Promise<number> {
  const header = await file.read(entry.headerOffset, sizes.local);
  if (header.readUInt32LE(0) !== signatures.local)
    throw brokenFile(file.name, t('{name} is not where it should be', { name }));
  const offset = entry.headerOffset + sizes.local + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (offset + entry.compressedBytes > file.sizeBytes)
    throw brokenFile(file.name, t('it ends before {name} in it does', { name }));
  return offset;
}

/**
 * Unpacks an entry in memory, never to more than its declared size.
 * @param maxBytes what it may take
 * @throws AppError bad-input where it declares more, or is not what it declares
 */
export async function unpackEntry(
  file: ExactBytes,
  name: string,
  entry: ZipEntry,
  maxBytes: number,
): Promise<Buffer> {
  const { sizeBytes, compressedBytes, method } = entry;
  if (sizeBytes > maxBytes) {
    throw brokenFile(
      file.name,
      t('{name} in it is too large when unpacked', { name }),
      t('Save a smaller one.'),
    );
  }
  if (method === 'other')
    throw brokenFile(file.name, t('{name} in it is packed in a way that is not known', { name }));
  const packed = await file.read(await dataOffset(file, name, entry), compressedBytes);
  if (method === 'stored') return packed;
  let bytes: Buffer;
  try {
    bytes = inflateRawSync(packed, { maxOutputLength: Math.max(1, sizeBytes) });
  } catch {
    throw brokenFile(file.name, t('{name} in it is not what its directory says', { name }));
  }
  if (bytes.length !== sizeBytes)
    throw brokenFile(file.name, t('{name} in it is not what its directory says', { name }));
  return bytes;
}

async function findDirectory(file: ExactBytes): Promise<{ offset: number; length: number }> {
  const tailBytes = Math.min(file.sizeBytes, sizes.end + maxCommentBytes);
  const tailStart = file.sizeBytes - tailBytes;
  const tail = await file.read(tailStart, tailBytes);
  for (let at = tail.length - sizes.end; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== signatures.end) continue;
    const large = await findDirectory64(file, tailStart + at);
    return large ?? { offset: tail.readUInt32LE(at + 16), length: tail.readUInt32LE(at + 12) };
  }
  throw brokenFile(file.name, t('its end is missing'));
}

async function findDirectory64(file: ExactBytes, endOffset: number) {
  if (endOffset < sizes.locator) return null;
  const locator = await file.read(endOffset - sizes.locator, sizes.locator);
  if (locator.readUInt32LE(0) !== signatures.locator) return null;
  const end = await file.read(Number(locator.readBigUInt64LE(8)), sizes.end64);
  if (end.readUInt32LE(0) !== signatures.end64)
    throw brokenFile(file.name, t('its directory is not where it should be'));
  return { offset: Number(end.readBigUInt64LE(48)), length: Number(end.readBigUInt64LE(40)) };
}

function entryAt(directory: Buffer, at: number, extra: Buffer): ZipEntry {
  const large = zip64Values(extra);
  // A field of ones is given, in this order, in the extra field of Zip64.
  const field = (offset: number) => {
    const value = directory.readUInt32LE(at + offset);
    return value === 0xffffffff ? (large.shift() ?? value) : value;
  };
  const sizeBytes = field(24);
  const compressedBytes = field(20);
  const headerOffset = field(42);
  const code = directory.readUInt16LE(at + 10);
  const method =
    code === 0 && compressedBytes === sizeBytes ? 'stored' : code === deflate ? 'deflated' : 'other';
  const isEncrypted = (directory.readUInt16LE(at + 8) & 1) !== 0;
  return { headerOffset, sizeBytes, compressedBytes, method, isEncrypted };
}

function zip64Values(extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const length = extra.readUInt16LE(at + 2);
    const values = extra.subarray(at + 4, at + 4 + length);
    if (extra.readUInt16LE(at) === zip64Extra) {
      return Array.from({ length: Math.floor(values.length / 8) }, (_, index) =>
        Number(values.readBigUInt64LE(index * 8)),
      );
    }
    at += 4 + length;
  }
  return [];
}
