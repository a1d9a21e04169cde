/** Owns the form of the journal beside a part file: what file it is a part of, and which blocks are there; never the disk. */
import { z } from 'zod';

const headerSchema = z.object({
  version: z.literal(1),
  /** Null where the server did not tell. */
  sizeBytes: z.number().int().positive().nullable(),
  blockBytes: z.number().int().positive(),
  /** ETag or Last-Modified: tells the file from another one under the same address. */
  validator: z.string().nullable(),
});

export type JournalHeader = z.infer<typeof headerSchema>;

/** The checksum of each block that is there, by index. */
export type Checksums = Map<number, number>;

/** Lines follow it, one for each block that was written: a kill can only lose the last one. */
export const formatHeader = (header: JournalHeader) => `${JSON.stringify(header)}\n`;

/** @param checksum CRC-32 of the block; null when it turned out not to be there */
export const formatBlock = (index: number, checksum: number | null) =>
  `${index} ${checksum === null ? '-' : checksum.toString(16).padStart(8, '0')}\n`;

/** Reads a journal as far as it is whole; null when it is none. */
export function parseJournal(text: string): { header: JournalHeader; checksums: Checksums } | null {
  const lines = text.split('\n');
  // What stands behind the last line break was not written to its end.
  lines.pop();
  const header = headerSchema.safeParse(parseJson(lines.shift() ?? ''));
  if (!header.success) return null;
  const checksums: Checksums = new Map();
  for (const line of lines) {
    const [, index, checksum] = /^(\d+) ([\da-f]{8}|-)$/.exec(line) ?? [];
    if (index === undefined || checksum === undefined) continue;
    if (checksum === '-') checksums.delete(Number(index));
    else checksums.set(Number(index), Number.parseInt(checksum, 16));
  }
  return { header: header.data, checksums };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
