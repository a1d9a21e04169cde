/** Owns how large the pieces are in which a prompt is read: large ones are read faster, small ones let Stop answer sooner. */

/** Fewer tokens are read clearly slower: measured, 64 at a time take a third longer than 512, 128 a twentieth. */
export const smallestPiece = 128;
/** What llama.cpp reads at once at most. */
export const largestPiece = 512;
/**
 * Bytes of weights times tokens in a piece: two thirds of a second on two slow cores, a fraction of it elsewhere. 512
 * tokens of a 134 M model in two pieces (384 and 128) take 4 % longer than in one.
 */
const pieceWork = 40e9;
const step = 64;

/**
 * Tokens of a piece. By the model alone and not by the clock: the size of a piece shapes the last digits of what is
 * computed, and the same prompt should give the same reply.
 * @param weightsBytes size of the model file
 */
export function pieceSize(weightsBytes: number, onGpu: boolean): number {
  if (onGpu) return largestPiece;
  const inTime = Math.floor(pieceWork / (weightsBytes * step)) * step;
  return Math.min(largestPiece, Math.max(smallestPiece, inTime));
}
