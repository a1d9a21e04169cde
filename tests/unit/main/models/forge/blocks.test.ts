import { expect, test } from 'vitest';
import { randomNumbers } from '../../../../../main/engine/samplers/random.js';
import { fromFloats, ggml, toFloats } from '../../../../../main/models/forge/blocks.js';
import { libggml } from '../../../../fixtures/libggml.js';

const random = randomNumbers(3);
const values = Float32Array.from({ length: 256 }, () => (random() - 0.5) * 0.3);
values.fill(0, 32, 64);

test.each(Object.entries(ggml).filter(([name]) => name !== 'f32'))(
  'reads %s as ggml itself does',
  (_, type) => {
    const data = libggml.quantise(type, values);
    expect(toFloats(type, data)).toEqual(libggml.dequantise(type, data, values.length));
  },
);

test.each(['f16', 'bf16', 'q4_0', 'q8_0'] as const)('writes %s as ggml itself does', (name) => {
  expect(Buffer.from(fromFloats(ggml[name], values))).toEqual(
    Buffer.from(libggml.quantise(ggml[name], values)),
  );
});

test('floats pass as they are', () => {
  expect(toFloats(ggml.f32, fromFloats(ggml.f32, values))).toEqual(values);
});
