/** Whatever is in a file, its reader says what is wrong, and never fails in another way or runs anything. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesInMemory, type ExactBytes } from '../../../../../main/models/forge/exact-bytes.js';
import { readEasyLm } from '../../../../../main/models/forge/easylm-file.js';
import { readLlamaConfig } from '../../../../../main/models/forge/llama-config.js';
import { readPickle } from '../../../../../main/models/forge/pickle.js';
import { readSafetensors } from '../../../../../main/models/forge/safetensors.js';
import { readSentencePiece } from '../../../../../main/models/forge/sentencepiece.js';
import { readTokenizerJson } from '../../../../../main/models/forge/tokenizer-json.js';
import { readTorchFile } from '../../../../../main/models/forge/torch-file.js';
import { AppError } from '../../../../../preload/contract/errors.js';
import {
  easyLmFile,
  hfShape,
  safetensorsFile,
  sentencePieceFile,
  tokenizerJson,
} from '../../../../fixtures/hf-llama.js';
import { pickleGlobal, torchFile } from '../../../../fixtures/torch-file.js';
import { zipFile } from '../../../../fixtures/zip.js';

const values = Float32Array.from([1, 2, 3, 4, 5, 6]);
const named = [
  { name: 'a', shape: [2, 3], values },
  { name: 'b', shape: [3], values: values.subarray(0, 3) },
];
const safetensors = safetensorsFile(named, 'F32');
const torch = torchFile(
  named.map(({ name, shape, values: content }) => ({
    ...{ name, shape, type: 'F32' as const },
    data: Buffer.from(content.buffer, 0, content.byteLength),
  })),
);
const pieces = sentencePieceFile({ ...hfShape, vocabulary: 400 });
const easyLm = easyLmFile([{ name: 'lm_head.weight', shape: [2, 3], values }]);
const file = (bytes: Buffer): ExactBytes => bytesInMemory('file', bytes);

async function failure(run: () => unknown): Promise<AppError | null> {
  try {
    await run();
    return null;
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AppError);
    return thrown as AppError;
  }
}

/** A file with some bytes changed and its end cut off. */
function damaged(whole: Buffer) {
  const change = fc.record({ at: fc.nat(whole.length - 1), to: fc.nat(255) });
  return fc
    .record({
      changes: fc.array(change, { maxLength: 6 }),
      length: fc.nat(whole.length),
      isCut: fc.boolean(),
    })
    .map(({ changes, length, isCut }) => {
      const bytes = Buffer.from(whole);
      for (const { at, to } of changes) bytes[at] = to;
      return isCut ? bytes.subarray(0, length) : bytes;
    });
}

const readers: readonly (readonly [string, Buffer, (bytes: Buffer) => unknown])[] = [
  ['safetensors', safetensors, (bytes) => readSafetensors(file(bytes))],
  ['PyTorch', torch, (bytes) => readTorchFile(file(bytes))],
  ['EasyLM', easyLm, (bytes) => readEasyLm(file(bytes))],
  ['SentencePiece', pieces, (bytes) => readSentencePiece('file', bytes)],
];

describe.each(readers)('%s', (_, whole, read) => {
  test('a whole file is read', async () => {
    expect(await failure(() => read(whole))).toBeNull();
  });

  test('a damaged one is refused or read, and nothing else happens', async () => {
    await fc.assert(
      fc.asyncProperty(damaged(whole), async (bytes) => void (await failure(() => read(bytes)))),
      {
        numRuns: 1000,
      },
    );
  });

  test('any other bytes do no more', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        async (bytes) => void (await failure(() => read(Buffer.from(bytes)))),
      ),
    );
  });
});

test('where the tensors lie is found, in both forms', async () => {
  for (const tensors of [await readSafetensors(file(safetensors)), await readTorchFile(file(torch))]) {
    const found = await Promise.all(
      tensors.map(async ({ name, shape, offset, file: of }) => [
        name,
        shape,
        (await of.read(offset, 8)).readFloatLE(4),
      ]),
    );
    expect(found).toEqual([
      ['a', [2, 3], 2],
      ['b', [3], 2],
    ]);
  }
});

test('tensors that share their bytes or reach beyond the file are refused', async () => {
  const header = (a: number[], b: number[]) => {
    const text = Buffer.from(
      JSON.stringify({
        a: { dtype: 'F32', shape: [2], data_offsets: a },
        b: { dtype: 'F32', shape: [2], data_offsets: b },
      }),
    );
    const length = Buffer.alloc(8);
    length.writeUInt32LE(text.length);
    return readSafetensors(file(Buffer.concat([length, text, Buffer.alloc(16)])));
  };
  expect(await failure(() => header([0, 8], [8, 16]))).toBeNull();
  expect((await failure(() => header([0, 8], [4, 12])))?.message).toContain('within another');
  expect((await failure(() => header([0, 8], [12, 20])))?.message).toContain('ends before');
  expect((await failure(() => header([0, 8], [8, 12])))?.message).toContain('its shape');
});

describe('a pickle', () => {
  const bytes = (...parts: (Buffer | number)[]) =>
    Buffer.concat([
      Buffer.from([0x80, 2]),
      ...parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : part)),
      Buffer.from('.'),
    ]);
  const read = (pickle: Buffer) => readPickle('file', pickle, new Set(['torch.FloatStorage']), new Map());

  test.each([
    ['os', 'system'],
    ['builtins', 'eval'],
    ['posix', 'system'],
    ['torch', 'load'],
    ['__builtin__', 'getattr'],
  ])('that names %s.%s is refused', async (module, name) => {
    const pickle = bytes(pickleGlobal(module, name), Buffer.from('(X\u0004\0\0\0ruintR'));
    expect((await failure(() => read(pickle)))?.message).toContain(`${module}.${name}, which could run code`);
    const whole = zipFile([{ name: 'archive/data.pkl', data: pickle }]);
    expect((await failure(() => readTorchFile(file(whole))))?.message).toContain('could run code');
  });

  test('that calls a name which may only be named, or asks for another operation, is refused', async () => {
    expect(
      (await failure(() => read(bytes(pickleGlobal('torch', 'FloatStorage'), 0x29, 0x52))))?.message,
    ).toContain('calls');
    // INST, OBJ, NEWOBJ, EXT1 and PERSID
    for (const opcode of [0x69, 0x6f, 0x81, 0x82, 0x50]) {
      expect((await failure(() => read(bytes(0x29, 0x29, opcode))))?.message).toContain('never need');
    }
  });

  test('of plain values is read', () => {
    expect(read(bytes(Buffer.from('}(X\u0001\0\0\0aK\u0007u')))).toEqual(new Map([['a', 7]]));
  });
});

test('the forms of PyTorch before 1.6 are told apart', async () => {
  const legacy = Buffer.from([0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc]);
  expect((await failure(() => readTorchFile(file(legacy))))?.message).toContain('before version 1.6');
});

test('any content of the JSON files is refused or read', async () => {
  const like = (whole: object) =>
    fc.record(
      Object.fromEntries(
        Object.entries(whole).map(([key, value]) => [key, fc.oneof(fc.constant(value), fc.jsonValue())]),
      ),
      { requiredKeys: [] },
    );
  const tokenizer = tokenizerJson({ ...hfShape, vocabulary: 400 });
  const config = {
    architectures: ['LlamaForCausalLM'],
    hidden_size: 96,
    intermediate_size: 8,
    num_hidden_layers: 1,
    num_attention_heads: 6,
    vocab_size: 400,
    rope_scaling: { type: 'linear' },
  };
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.jsonValue(), like(tokenizer)),
      async (content) => void (await failure(() => readTokenizerJson(content))),
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.jsonValue(), like(config)),
      async (content) => void (await failure(() => readLlamaConfig(content))),
    ),
  );
});
