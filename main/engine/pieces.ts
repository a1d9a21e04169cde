/** Owns how large the pieces are in which a prompt is read: large ones are read faster, small ones let Stop answer sooner. */

/** Fewer tokens are read clearly slower: measured, 64 at a time take a third longer than 512, 128 a twentieth. */
export const smallestPiece = 128;
/** What llama.cpp reads at once at most. */
export const largestPiece = 512;
/** What a piece may take, where it is larger than the smallest: Stop waits for it. */
const pieceMs = 250;
const step = 64;

/**
 * Tokens of the next piece.
 * @param tokens of the piece before
 * @param elapsedMs what that one took
 */
export function nextPiece(tokens: number, elapsedMs: number): number {
  const inTime = Math.floor((tokens * pieceMs) / (elapsedMs * step)) * step;
  return Math.min(largestPiece, Math.max(smallestPiece, inTime));
}
