/** Owns the files that chats are read from: on the disk, in folders and in zip archives, none of which is trusted. */
import { t } from '../../../preload/contract/language.js';
import { createReadStream } from 'node:fs';
import { lstat, open, opendir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { Unreadable, type FileFacts } from './format.js';

export type SourceFile = {
  /** For people: with the archive or folder that it is in. */
  readonly label: string;
  readonly facts: FileFacts;
  readonly sizeBytes: number;
  /** Whether the user chose it itself: then it must hold chats. In folders and archives there are others. */
  readonly isChosen: boolean;
  read(): AsyncIterable<Buffer>;
};

const limits = {
  files: 20_000,
  depth: 6,
  /** Of all that an archive unpacks to, and how many times its own size that may be. */
  unpackedBytes: 16 * 2 ** 30,
  ratio: 200,
  /** Below this no ratio is suspicious. */
  smallBytes: 64 * 2 ** 20,
  besideBytes: 2 ** 20,
};

const chunkBytes = 256 * 1024;
const holdsChats = /\.(json|jsonl|ndjson|chat)$/i;
/** Says what the messages beside it are about. */
const threadFile = 'thread.json';
const threadMessages = 'messages.jsonl';

/**
 * The files under a path that may hold chats.
 * @throws Unreadable with what is wrong with the path
 */
export async function* filesAt(path: string): AsyncGenerator<SourceFile> {
  const info = await stat(path).catch(() => {
    throw new Unreadable(t('This file is not there or can’t be read.'));
  });
  if (info.isDirectory()) return yield* inFolder(path, basename(path), 0, { left: limits.files });
  if (!info.isFile()) throw new Unreadable(t('This is no file that can be read.'));
  if (await isZip(path)) return yield* inArchive(path, info.mtimeMs);
  const messages = join(dirname(path), threadMessages);
  const isThread =
    basename(path) === threadFile && (await stat(messages).catch(() => null))?.isFile() === true;
  yield await onDisk(isThread ? messages : path, basename(path), true);
}

async function* inFolder(
  path: string,
  label: string,
  depth: number,
  budget: { left: number },
): AsyncGenerator<SourceFile> {
  if (depth > limits.depth) return;
  const names: string[] = [];
  for await (const entry of await opendir(path)) names.push(entry.name);
  for (const name of names.sort()) {
    if (budget.left-- <= 0) throw new Unreadable(t('This folder has too many files. Choose a smaller one.'));
    const inner = join(path, name);
    // Links may lead anywhere, and around.
    const info = await lstat(inner).catch(() => null);
    if (info?.isDirectory() === true) yield* inFolder(inner, `${label}/${name}`, depth + 1, budget);
    else if (info?.isFile() === true && holdsChats.test(name))
      yield await onDisk(inner, `${label}/${name}`, false);
  }
}

async function onDisk(path: string, label: string, isChosen: boolean): Promise<SourceFile> {
  const { size, mtimeMs } = await stat(path);
  const beside = basename(path) === threadMessages ? await jsonAt(join(dirname(path), threadFile)) : null;
  return {
    label,
    isChosen,
    sizeBytes: size,
    facts: { name: nameOf(path), modifiedMs: Math.round(mtimeMs), beside },
    read: () => createReadStream(path, { highWaterMark: chunkBytes }),
  };
}

const nameOf = (path: string): string => basename(path, extname(path)).replace(/\.conversation$/, '');

/** What is not there, or no JSON, says nothing. */
async function jsonAt(path: string): Promise<unknown> {
  const info = await stat(path).catch(() => null);
  if (info === null || info.size > limits.besideBytes) return null;
  return parsed(await readFile(path, 'utf8'));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.readUInt32LE(0) === 0x04034b50;
  } finally {
    await file.close();
  }
}

/** Unpacks in passing, in memory; nothing is written to the disk, wherever its names point. */
async function* inArchive(path: string, modifiedMs: number): AsyncGenerator<SourceFile> {
  const archive = basename(path);
  let zip: ZipFile;
  try {
    zip = await openPromise(path, { autoClose: false });
  } catch (thrown) {
    throw damagedArchive(thrown);
  }
  try {
    const entries = await entriesOf(zip);
    const unpacked = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
    const packed = entries.reduce((sum, { compressedSize }) => sum + compressedSize, 0);
    if (
      unpacked > limits.unpackedBytes ||
      (unpacked > limits.smallBytes && unpacked > packed * limits.ratio)
    ) {
      throw new Unreadable(t('This archive unpacks to an absurd size, so nothing of it was read.'));
    }
    const byName = new Map(entries.map((entry) => [entry.fileName, entry]));
    for (const entry of entries) {
      const { fileName } = entry;
      if (!holdsChats.test(fileName)) continue;
      const thread = byName.get(fileName.replace(/[^/]*$/, threadFile));
      const isMessages = fileName.split('/').at(-1) === threadMessages;
      const beside = isMessages && thread !== undefined && thread.uncompressedSize <= limits.besideBytes;
      yield {
        label: `${archive}/${fileName}`,
        isChosen: false,
        sizeBytes: entry.uncompressedSize,
        facts: {
          name: nameOf(fileName),
          modifiedMs: Math.round(modifiedMs),
          beside: beside ? parsed((await wholeEntry(zip, thread)).toString('utf8')) : null,
        },
        read: () => unpack(zip, entry),
      };
    }
  } finally {
    zip.close();
  }
}

async function entriesOf(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      if (entries.length >= limits.files) throw new Unreadable(t('This archive has too many files.'));
      entries.push(entry);
    }
  } catch (thrown) {
    throw damagedArchive(thrown);
  }
  return entries;
}

async function* unpack(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  if (entry.isEncrypted())
    throw new Unreadable(t('It is locked by a password. Unpack the archive and choose the files in it.'));
  try {
    // More than the entry declares is refused by the library.
    for await (const chunk of await zip.openReadStreamPromise(entry)) yield chunk as Buffer;
  } catch (thrown) {
    throw damagedArchive(thrown);
  }
}

async function wholeEntry(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of unpack(zip, entry)) parts.push(part);
  return Buffer.concat(parts);
}

function damagedArchive(thrown: unknown): Unreadable {
  if (thrown instanceof Unreadable) return thrown;
  if (namesLeadOut(thrown)) {
    return new Unreadable(
      t('This archive has names that lead out of its folder, so nothing of it was read.'),
    );
  }
  return new Unreadable(t('This archive is damaged or not complete.'));
}

/** Whether the library refused an archive for its names. */
export const namesLeadOut = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  /relative path|absolute path|invalid characters in fileName/i.test(thrown.message);
