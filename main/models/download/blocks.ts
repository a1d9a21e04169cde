/** Owns how a file is cut: blocks are checked and fetched again alone, parts of many blocks are asked for at a time. */

/** What is noted as received, with a checksum of its own. What a kill loses is less than this for each connection. */
export const blockBytes = 1024 * 1024;
/** What one request asks for, in blocks. */
export const partBlocks = 32;

/** Blocks from start to end, the end not counted. */
export type BlockSpan = { readonly start: number; readonly end: number };

export const blockCount = (sizeBytes: number) => Math.ceil(sizeBytes / blockBytes);

export const blockLength = (index: number, sizeBytes: number) =>
  Math.min(blockBytes, sizeBytes - index * blockBytes);

/**
 * The next part to ask for: the first blocks that are neither there nor being fetched, without a gap between them.
 * @param blocks how many the file has
 * @param isOpen whether a block must still be asked for
 */
export function nextPart(blocks: number, isOpen: (index: number) => boolean): BlockSpan | null {
  let start = 0;
  while (start < blocks && !isOpen(start)) start++;
  if (start === blocks) return null;
  let end = start;
  while (end < blocks && end < start + partBlocks && isOpen(end)) end++;
  return { start, end };
}
