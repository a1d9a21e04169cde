import { expect, test } from 'vitest';
import { fromBfloat, fromHalf, toBfloat, toHalf } from '../../../../../main/models/forge/half.js';

test('every half-precision number comes back as it was', () => {
  for (let half = 0; half < 65_536; half++) {
    const value = fromHalf(half);
    if (!Number.isNaN(value)) expect(toHalf(value)).toBe(half);
  }
  expect(toHalf(NaN) & 0x7fff).toBeGreaterThan(0x7c00);
});

test.each([
  // Examples of IEEE 754, and numbers between two halves, which go to the even one.
  [1, 0x3c00],
  [-2, 0xc000],
  [65_504, 0x7bff],
  [65_520, 0x7c00],
  [2 ** -24, 0x0001],
  [2 ** -25, 0x0000],
  [2 ** -25 * 1.0001, 0x0001],
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [1 / 3, 0x3555],
])('%f is %i in half precision', (value, half) => expect(toHalf(value)).toBe(half));

test('bfloat16 is the upper half of 32 bits, rounded', () => {
  for (let value = 0; value < 65_536; value++) {
    const number = fromBfloat(value);
    if (!Number.isNaN(number)) expect(toBfloat(number)).toBe(value);
  }
  expect(toBfloat(1 + 2 ** -8)).toBe(0x3f80);
  expect(toBfloat(1 + 3 * 2 ** -8)).toBe(0x3f82);
});
