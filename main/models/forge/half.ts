/** Owns 16-bit floats: IEEE 754 half precision and bfloat16, to and from 32 bits, rounded to the nearest even. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

const halves = new Float32Array(65_536);
for (let half = 0; half < halves.length; half++) {
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  const size =
    exponent === 31
      ? fraction === 0
        ? Infinity
        : NaN
      : exponent === 0
        ? fraction * 2 ** -24
        : (1 + fraction / 1024) * 2 ** (exponent - 15);
  halves[half] = half >= 0x8000 ? -size : size;
}

/** @param half the 16 bits of a half-precision number */
export function fromHalf(half: number): number {
  return halves[half]!;
}

/** @returns the 16 bits of the nearest half-precision number; infinity for what is too large */
export function toHalf(value: number): number {
  float[0] = value;
  const all = bits[0]!;
  const sign = (all >>> 16) & 0x8000;
  const exponent = (all >>> 23) & 255;
  const fraction = all & 0x7fffff;
  if (exponent === 255) return sign | (fraction === 0 ? 0x7c00 : 0x7e00);
  const half = exponent - 112;
  if (half >= 31) return sign | 0x7c00;
  // Below 2^-14 the fraction gets its leading one back and moves right.
  const shift = half > 0 ? 13 : 14 - half;
  if (shift > 24) return sign;
  const whole = half > 0 ? (half << 23) | fraction : 0x800000 | fraction;
  const kept = whole >>> shift;
  const rest = whole & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  return sign | (kept + Number(rest > middle || (rest === middle && (kept & 1) === 1)));
}

/** @param value the 16 bits of a bfloat16 number */
export function fromBfloat(value: number): number {
  bits[0] = value << 16;
  return float[0]!;
}

/** @returns the 16 bits of the nearest bfloat16 number */
export function toBfloat(value: number): number {
  float[0] = value;
  const all = bits[0]!;
  if (Number.isNaN(value)) return (all >>> 16) | 64;
  return ((all + 0x7fff + ((all >>> 16) & 1)) >>> 16) & 0xffff;
}
