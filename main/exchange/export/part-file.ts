/** Owns writing a file that has its name only when it is whole and on the disk. */
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Enough that the disk is asked seldom. */
const pieceBytes = 64 * 1024;

/** Texts as bytes, in larger pieces. Takes no more of the texts than the piece that is asked for. */
export function* inPieces(texts: Iterable<string>): Generator<Buffer> {
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  for (const text of texts) {
    const bytes = Buffer.from(text);
    waiting.push(bytes);
    waitingBytes += bytes.length;
    if (waitingBytes < pieceBytes) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
  }
  if (waitingBytes > 0) yield Buffer.concat(waiting);
}

export const streamOf = (texts: Iterable<string>): Readable => Readable.from(inPieces(texts));

/**
 * Writes beside the file, and puts it in its place when all is written.
 * @param path replaced when it is there
 * @throws what the stream or the disk says; nothing of it is left then, and what was there before is as it was
 */
export async function writeWhole(
  path: string,
  stream: NodeJS.ReadableStream,
  signal: AbortSignal,
): Promise<void> {
  const part = `${path}.part`;
  try {
    await pipeline(stream, createWriteStream(part), { signal });
    await flush(part);
    await rename(part, path);
  } catch (thrown) {
    await rm(part, { force: true });
    throw thrown;
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
