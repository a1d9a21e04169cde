/** Owns reading bytes at a place of a file, or of the file that two others make by XOR; never knows what they mean. */
import { t } from '../../../preload/contract/language.js';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../../preload/contract/errors.js';

export type ExactBytes = {
  /** For messages. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Exactly so many bytes. @throws AppError bad-input where the file ends before */
  read(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
};

/** A file that can’t be what it should be. @param why a clause: `it ends too early` */
export function brokenFile(name: string, why: string, hint = t('Download it again.')): AppError {
  return new AppError({
    code: 'bad-input',
    message: t('{name} can’t be read: {why}.', { name, why }),
    hint,
  });
}

/** @throws what node throws where the file can’t be opened */
export async function openBytes(path: string): Promise<ExactBytes> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  const name = basename(path);
  return {
    name,
    sizeBytes: size,
    async read(offset, length) {
      checkWithin(name, size, offset, length);
      const bytes = Buffer.allocUnsafe(length);
      for (let done = 0; done < length;) {
        const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0) throw brokenFile(name, t('it became shorter while it was read'));
        done += bytesRead;
      }
      return bytes;
    },
    close: () => file.close(),
  };
}

/**
 * The file whose bytes are those of `payload` XOR those of `base`: as long as `payload`, with zeros for what `base`
 * lacks (xor_codec.py of the OpenAssistant releases).
 */
export function xorBytes(payload: ExactBytes, base: ExactBytes): ExactBytes {
  return {
    name: payload.name,
    sizeBytes: payload.sizeBytes,
    async read(offset, length) {
      const bytes = await payload.read(offset, length);
      const shared = Math.max(0, Math.min(length, base.sizeBytes - offset));
      if (shared > 0) xorInto(bytes, await base.read(offset, shared));
      return bytes;
    },
    async close() {
      await Promise.all([payload.close(), base.close()]);
    },
  };
}

/** Bytes that are in memory already. */
export function bytesInMemory(name: string, bytes: Buffer): ExactBytes {
  return {
    name,
    sizeBytes: bytes.length,
    async read(offset, length) {
      checkWithin(name, bytes.length, offset, length);
      return bytes.subarray(offset, offset + length);
    },
    close: async () => undefined,
  };
}

function checkWithin(name: string, size: number, offset: number, length: number): void {
  if (offset < 0 || length < 0 || offset + length > size) {
    throw brokenFile(name, t('it ends too early'));
  }
}

function xorInto(bytes: Buffer, other: Buffer): void {
  for (let at = 0; at < other.length; at++) bytes[at]! ^= other[at]!;
}
