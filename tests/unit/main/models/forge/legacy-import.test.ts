import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readGguf } from '../../../../../main/engine/gguf.js';
import { loadInOneThread } from '../../../../fixtures/one-thread-engine.js';
import { perplexity } from '../../../../../main/engine/perplexity.js';
import { toFloats, ggml } from '../../../../../main/models/forge/blocks.js';
import { importLegacy, lookAtLegacy } from '../../../../../main/models/forge/legacy-import.js';
import { legacyGgml, type LegacyContainer, type LegacyType } from '../../../../fixtures/legacy-ggml.js';
import { shapes } from '../../../../fixtures/random-llama.js';

const folder = mkdtempSync(join(tmpdir(), 'legacy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, bytes: Buffer) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const vocabularyKeys = new Set(['tokens', 'scores', 'token_type'].map((key) => `tokenizer.ggml.${key}`));
const output = join(folder, 'new.gguf');
const convert = (path: string, signal = new AbortController().signal) =>
  importLegacy(
    path,
    output,
    { name: 'Old', base: 'llama-2', template: 'vicuna-v0' },
    { signal, onProgress: () => undefined },
  );

/** Says next to everything about the logits: two models with other ones don't agree to the last digit. */
async function expectation(path: string): Promise<number> {
  const { signal } = new AbortController();
  const engine = await loadInOneThread(path);
  try {
    const text = 'The quick brown fox jumps over the lazy dog, twice: hé! 😀';
    return (await perplexity(engine, text, () => undefined, signal)).perplexity;
  } finally {
    await engine.dispose();
  }
}

const kept: [LegacyContainer, LegacyType][] = [
  ...(['ggml', 'ggmf v1', 'ggjt v1', 'ggjt v2', 'ggjt v3'] as const).flatMap((container) =>
    (['F32', 'F16', 'Q4_0'] as const).map((type): [LegacyContainer, LegacyType] => [container, type]),
  ),
  ...(['ggjt v1', 'ggjt v2', 'ggjt v3'] as const).flatMap((container) =>
    (['Q4_1', 'Q5_0', 'Q5_1', 'Q8_0'] as const).map((type): [LegacyContainer, LegacyType] => [
      container,
      type,
    ]),
  ),
];

describe('a GGML file becomes the model that it was', () => {
  test.each(kept)('%s in %s', async (container, type) => {
    const { parts, reference } = legacyGgml(container, type);
    await convert(write('old.bin', parts[0]!));
    const expected = write('reference.gguf', reference);
    expect(await expectation(output)).toBe(await expectation(expected));
  });

  test('ggjt v3 in Q6_K, copied as it is', async () => {
    const wide = { ...shapes.tiny, width: 256, feedForward: 512, context: 4096, weights: 'F32' } as const;
    const { parts, reference } = legacyGgml('ggjt v3', 'Q6_K', { shape: wide });
    await convert(write('old.bin', parts[0]!));
    expect(await expectation(output)).toBe(await expectation(write('reference.gguf', reference)));
  });

  test.each([
    ['Q4_2', 0.0028],
    ['Q4_3', 0.0028],
  ] as const)(
    '%s, which was given up, in Q8_0: no weight is off by more than its rounding',
    async (type, most) => {
      const { parts, reference, referenceStart } = legacyGgml('ggjt v1', type);
      const path = write('old.bin', parts[0]!);
      expect(await lookAtLegacy(path)).toMatchObject({ quantization: type, becomes: 'Q8_0' });
      await convert(path);
      const header = await readGguf(output);
      const [width, tokens] = header.tensors.get('token_embd.weight')!;
      const bytes = readFileSync(output);
      const count = width! * tokens!;
      const q8Bytes = (count / 32) * 34;
      const dataBytes = [...header.tensors.values()].reduce((sum, dimensions) => {
        const elements = dimensions.reduce((a, b) => a * b, 1);
        return sum + (dimensions.length === 1 ? elements * 4 : (elements / 32) * 34);
      }, 0);
      const found = toFloats(ggml.q8_0, bytes.subarray(bytes.length - dataBytes).subarray(0, q8Bytes));
      const expected = toFloats(ggml.f32, reference.subarray(referenceStart).subarray(0, count * 4));
      expect(found.every((value, index) => Math.abs(value - expected[index]!) < most)).toBe(true);
    },
  );

  test('in two parts, as the larger ones were', async () => {
    const { parts, reference } = legacyGgml('ggml', 'F16', { parts: 2 });
    const path = write('parts.bin', parts[0]!);
    await expect(convert(path)).rejects.toMatchObject({
      message: expect.stringContaining('parts.bin.1 is missing'),
    });
    write('parts.bin.1', parts[1]!);
    await convert(path);
    expect(await expectation(output)).toBe(await expectation(write('reference.gguf', reference)));
  });
});

test('the vocabulary has its marks, bytes and scores, also where the file has no scores', async () => {
  const read = async (container: LegacyContainer) => {
    await convert(write('old.bin', legacyGgml(container, 'F16').parts[0]!));
    return (await readGguf(output, vocabularyKeys)).metadata;
  };
  const metadata = await read('ggjt v1');
  const tokens = metadata.get('tokenizer.ggml.tokens') as string[];
  expect(tokens.slice(0, 4)).toEqual(['<unk>', '<s>', '</s>', '<0x00>']);
  expect(tokens.slice(258, 261)).toEqual(['<0xFF>', '▁', 'a']);
  expect((metadata.get('tokenizer.ggml.token_type') as number[]).slice(0, 4)).toEqual([2, 3, 3, 6]);
  expect((metadata.get('tokenizer.ggml.scores') as number[]).slice(258, 261)).toEqual([-258, -259, -260]);
  const first = (await read('ggml')).get('tokenizer.ggml.scores') as number[];
  // The order of merges in LLaMA's own vocabulary.
  expect(first.slice(258, 262)).toEqual([0, 0, -1, -2]);
  expect(metadata.get('general.finetune')).toBe('vicuna-v0');
  expect(metadata.get('llama.attention.head_count_kv')).toBe(2);
});

test('says what a file is before anything is made of it', async () => {
  const path = write('ggml-vicuna-7b.q4_0.bin', legacyGgml('ggjt v1', 'Q4_0').parts[0]!);
  expect(await lookAtLegacy(path)).toMatchObject({
    container: 'ggjt v1',
    quantization: 'Q4_0',
    becomes: 'Q4_0',
    vocabulary: 512,
    layers: 2,
    name: 'vicuna-7b',
    base: 'llama-2',
    family: { id: 'vicuna-v0' },
  });
});

describe('bad files', () => {
  const sound = legacyGgml('ggjt v3', 'Q4_0').parts[0]!;
  const reason = async (bytes: Buffer) => {
    const error: unknown = await lookAtLegacy(write('bad.bin', bytes)).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return error === null ? null : (error as { code: string; message: string });
  };

  test('cut anywhere: a clear no, never a crash', async () => {
    for (let length = 0; length < sound.length; length += 4999) {
      const error = await reason(sound.subarray(0, length));
      expect(['bad-input', 'model-unsupported'], `cut at ${length}`).toContain(error?.code);
    }
  });

  test('absurd numbers and flipped bits anywhere in the header are told or harmless', async () => {
    for (let at = 0; at < 4000; at += 37) {
      const bytes = Buffer.from(sound);
      bytes.writeUInt32LE(0xffff_ffff, at);
      const error = await reason(bytes);
      if (error !== null)
        expect(['bad-input', 'model-unsupported'], `changed at ${at}`).toContain(error.code);
    }
  });

  test('other kinds are told apart', async () => {
    expect((await reason(Buffer.from('algg\u0001\0\0\0')))?.message).toContain('LoRA adapter');
    const other = Buffer.from(sound);
    other.write('layers.0.attention.wx.weight', other.indexOf('layers.0.attention.wq.weight'));
    expect((await reason(other))?.message).toContain('layers.0.attention.wq.weight is missing');
    expect((await reason(legacyGgml('ggmf v1', 'Q4_1').parts[0]!))?.message).toContain('written in two ways');
    const version = Buffer.from(sound);
    version.writeUInt32LE(4, 4);
    expect((await reason(version))?.message).toContain('unknown version 4');
  });

  test('stopping leaves nothing', async () => {
    rmSync(output, { force: true });
    const stopping = new AbortController();
    stopping.abort();
    await expect(convert(write('old.bin', sound), stopping.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(readdirSync(folder).filter((name) => name.startsWith('new'))).toEqual([]);
  });
});
