/** Owns how long a failed request waits before it is tried again; never waits itself. */

const firstMs = 1000;
const longestMs = 60_000;
/** A server that asks for more is asked again after this. */
const longestAskedMs = 3_600_000;

/**
 * Doubles with each failure in a row, by a random half, so that many clients do not come back at once ("full jitter"
 * and its like: Brooker, Exponential Backoff And Jitter, 2015).
 * @param failures in a row, from 1
 * @param askedMs what the server asked for by Retry-After, or null
 * @param random from 0 to 1
 */
export function backOffMs(failures: number, askedMs: number | null, random: number): number {
  const grown = Math.min(longestMs, firstMs * 2 ** (failures - 1));
  return Math.max(grown * (0.5 + random / 2), Math.min(askedMs ?? 0, longestAskedMs));
}
