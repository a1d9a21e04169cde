/** Owns the random numbers of sampling, and the drawing of a seed: the same one gives the same numbers on every machine. */

/** Numbers in [0, 1) by xoshiro128** (Blackman and Vigna, 2018), its state filled from the seed by SplitMix32. */
export function randomNumbers(seed: number): () => number {
  let fill = seed >>> 0;
  const next = () => {
    fill = (fill + 0x9e3779b9) >>> 0;
    let z = fill;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let [a, b, c, d] = [next(), next(), next(), next()];
  const rotate = (value: number, bits: number) => ((value << bits) | (value >>> (32 - bits))) >>> 0;
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5) >>> 0, 7), 9) >>> 0;
    const shifted = (b << 9) >>> 0;
    c = (c ^ a) >>> 0;
    d = (d ^ b) >>> 0;
    b = (b ^ c) >>> 0;
    a = (a ^ d) >>> 0;
    c = (c ^ shifted) >>> 0;
    d = rotate(d, 11);
    return result / 2 ** 32;
  };
}

/** A seed of its own for each place of a text, uint32. */
export function seedAt(seed: number, place: number): number {
  return randomNumbers(seed ^ Math.imul(place, 0x9e3779b9))() * 2 ** 32;
}

/** The seed of a reply. @param seed below 0 = drawn */
export const seedOf = (seed: number): number =>
  seed >= 0 ? seed : crypto.getRandomValues(new Uint32Array(1))[0]!;
