/** Folders in every form that is read end as the very model that they were made from. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readGguf } from '../../../../../main/engine/gguf.js';
import type { WeightType } from '../../../../../main/models/forge/conversion.js';
import { lookAtOriginal, writeRecovered } from '../../../../../main/models/forge/original.js';
import type { Recipe } from '../../../../../main/models/forge/recipe.js';
import { openRecovery } from '../../../../../main/models/forge/recovery.js';
import { readSummary } from '../../../../../main/models/inspect.js';
import { runTask } from '../../../../../main/models/forge/tasks.js';
import type { ForgeTask } from '../../../../../preload/contract/forge.js';
import { AppError } from '../../../../../preload/contract/errors.js';
import {
  difference,
  easyLmFile,
  hfShape,
  hfTensors,
  writeHfFolder,
  writeReference,
  writeXorFolder,
  type HfOptions,
  type NamedTensor,
} from '../../../../fixtures/hf-llama.js';
import { differingTensors, expectations } from '../../../../fixtures/same-model.js';

const text = 'the quick brown fox';
let root: string;
let reference: string;
let tensors: NamedTensor[];
let base: NamedTensor[];
const at = (name: string) => join(root, name);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'forge-'));
  reference = at('reference.gguf');
  await writeReference(reference, hfShape, 1);
  tensors = await hfTensors(reference);
  await writeReference(at('base.gguf'), hfShape, 2);
  base = await hfTensors(at('base.gguf'));
});
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
async function forge(
  folder: string,
  baseFolder: string | null = null,
  type: WeightType = 'F32',
): Promise<string> {
  const path = at(`out-${count++}.gguf`);
  await recover({ path: folder, base: baseFolder }, { path, name: 'new', type });
  return path;
}
async function recover(
  recipe: Recipe,
  target: { path: string; name: string; type: WeightType },
  stop = new AbortController(),
  report: () => void = () => undefined,
): Promise<void> {
  const recovery = await openRecovery(recipe);
  try {
    await writeRecovered(recovery, target, { signal: stop.signal, report });
  } finally {
    await recovery.close();
  }
}
const failure = async (folder: string, baseFolder: string | null = null): Promise<AppError> => {
  const before = readdirSync(root);
  const error = await forge(folder, baseFolder).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  expect(readdirSync(root)).toEqual(before);
  return error as AppError;
};

describe('Hugging Face folders', () => {
  test.each<HfOptions>([
    { form: 'safetensors', type: 'F32' },
    { form: 'safetensors', type: 'BF16', parts: 3 },
    { form: 'pytorch', type: 'F32', parts: 2 },
    { form: 'pytorch', type: 'F16' },
    { form: 'pytorch', type: 'BF16', tokenizer: 'json' },
  ])('%j gives the weights bit by bit', async (options) => {
    const folder = at(`hf-${count}`);
    writeHfFolder(folder, tensors, hfShape, options);
    expect(await differingTensors(await forge(folder), reference)).toEqual([]);
  });

  test.each(['sentencepiece', 'json'] as const)(
    'the engine expects the same after a text with the vocabulary of %s',
    async (tokenizer) => {
      const folder = at(`engine-${tokenizer}`);
      writeHfFolder(folder, tensors, hfShape, { tokenizer });
      const found = await expectations(await forge(folder), text);
      expect(found).toEqual(await expectations(reference, text));
      // A model that expects everything alike would pass any comparison.
      expect(found[0]![1]).toBeGreaterThan(1.5 * found.at(-1)![1]);
    },
  );
});

describe('a difference to a base', () => {
  test('added to a folder of F16, whose delta adds a token with a row of its own', async () => {
    const grown = { ...hfShape, vocabulary: hfShape.vocabulary + 1 };
    await writeReference(at('grown.gguf'), grown, 3);
    const target = await hfTensors(at('grown.gguf'), grown);
    writeHfFolder(at('base-f16'), base, hfShape, { form: 'pytorch', type: 'F16', parts: 2 });
    writeHfFolder(at('delta-f16'), difference(target, base), grown, { form: 'pytorch', type: 'F16' });
    expect(await differingTensors(await forge(at('delta-f16'), at('base-f16')), at('grown.gguf'))).toEqual(
      [],
    );
  });

  test('added to a GGUF file', async () => {
    writeHfFolder(at('delta'), difference(tensors, base));
    const result = await forge(at('delta'), at('base.gguf'));
    const found = await expectations(result, text);
    const wanted = await expectations(reference, text);
    expect(found.map(([token]) => token)).toEqual(wanted.map(([token]) => token));
    for (const [index, [, probability]] of found.entries())
      expect(probability).toBeCloseTo(wanted[index]![1], 5);
  });

  test('a new token of a delta in F32 starts from the mean of all rows', async () => {
    const grown = { ...hfShape, vocabulary: hfShape.vocabulary + 1 };
    const zeros = base.map((tensor) => {
      const [rows, ...rest] = tensor.shape as [number, ...number[]];
      const isGrown = rows === hfShape.vocabulary;
      const shape = isGrown ? [rows + 1, ...rest] : tensor.shape;
      return { ...tensor, shape, values: new Float32Array(shape.reduce((a, b) => a * b, 1)) };
    });
    writeHfFolder(at('zeros'), zeros, grown);
    const path = await forge(at('zeros'), at('base.gguf'));
    const { places } = await readGguf(path);
    const bytes = readFileSync(path);
    const columns = hfShape.width;
    const values = new Float32Array(
      ...([bytes.buffer, bytes.byteOffset + places.get('token_embd.weight')!.offset] as const),
      grown.vocabulary * columns,
    );
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let row = 0; row < hfShape.vocabulary; row++) sum += values[row * columns + column]!;
      expect(values[hfShape.vocabulary * columns + column]).toBeCloseTo(sum / hfShape.vocabulary, 6);
    }
  });

  test('the sum that a release gives is checked before the file has its name', async () => {
    const folder = at('summed');
    writeHfFolder(folder, difference(tensors, base));
    const sum = tensors.reduce((all, { values }) => values.reduce((a, b) => a + b, all), 0);
    writeFileSync(join(folder, 'checksum_psum.txt'), String(sum));
    await forge(folder, at('base.gguf'));
    writeFileSync(join(folder, 'checksum_psum.txt'), String(sum + 7));
    expect((await failure(folder, at('base.gguf'))).message).toContain('add up to');
  });

  test('a base of another size, and a quantised one, are refused', async () => {
    const wider = { ...hfShape, feedForward: 192 };
    await writeReference(at('wider.gguf'), wider, 4);
    writeHfFolder(at('delta-2'), difference(tensors, base));
    expect((await failure(at('delta-2'), at('wider.gguf'))).message).toContain('not the base');
    const quantised = await forge(at('delta-2'), at('base.gguf'), 'Q8_0');
    expect((await failure(at('delta-2'), quantised)).message).toContain('quantised');
  });
});

describe('a difference in EasyLM’s form', () => {
  beforeAll(() => {
    mkdirSync(at('koala-diff'));
    writeFileSync(join(at('koala-diff'), 'koala_diff_v2'), easyLmFile(difference(tensors, base)));
    writeHfFolder(at('easylm-base'), base);
  });

  test('added to a folder, which also brings the description and the tokenizer', async () => {
    const result = await forge(at('koala-diff'), at('easylm-base'));
    const found = await expectations(result, text);
    const wanted = await expectations(reference, text);
    expect(found.map(([token]) => token)).toEqual(wanted.map(([token]) => token));
    for (const [index, [, probability]] of found.entries())
      expect(probability).toBeCloseTo(wanted[index]![1], 5);
  });

  test('is refused when its end is missing', async () => {
    const cut = at('koala-cut');
    mkdirSync(cut);
    writeFileSync(join(cut, 'koala_diff_v2'), easyLmFile(difference(tensors, base).slice(0, -1)));
    expect((await failure(cut, at('easylm-base'))).message).toContain('The difference lacks 1');
  });

  test('needs a folder as its base', async () => {
    expect((await failure(at('koala-diff'))).hint).toContain('Choose its base');
    expect((await failure(at('koala-diff'), at('base.gguf'))).message).toContain('from the base');
  });
});

describe('XOR with a base', () => {
  const files = [
    'config.json',
    'tokenizer.model',
    'tokenizer_config.json',
    'pytorch_model.bin.index.json',
    'pytorch_model-00001-of-00002.bin',
    'pytorch_model-00002-of-00002.bin',
  ];

  beforeAll(() => {
    writeHfFolder(at('xor-target'), tensors, hfShape, { form: 'pytorch', type: 'F16', parts: 2 });
    writeHfFolder(at('xor-base'), base, hfShape, {
      form: 'pytorch',
      type: 'F16',
      parts: 2,
      config: { note: 'longer than the other one' },
    });
  });

  function release(name: string, sums = true): string {
    mkdirSync(at(name));
    const folder = join(at(name), 'model-xor');
    writeXorFolder(folder, at('xor-target'), at('xor-base'), files);
    writeFileSync(join(folder, 'added_tokens.json'), '{}');
    const md5 = (place: string, file: string) =>
      createHash('md5')
        .update(readFileSync(join(at(place), file)))
        .digest('hex');
    const list = (place: string) => files.map((file) => `${md5(place, file)}  ./${file}`).join('\n');
    if (sums)
      writeFileSync(
        join(at(name), 'README.md'),
        `Before:\n\n${list('xor-base')}\n\nAfter:\n\n${list('xor-target')}\n`,
      );
    return folder;
  }

  test('gives the files back and checks their sums', async () => {
    expect(await differingTensors(await forge(release('oasst'), at('xor-base')), reference)).toEqual([]);
  });

  test('with another base is refused, with sums or without', async () => {
    writeHfFolder(at('xor-wrong'), tensors, hfShape, { form: 'pytorch', type: 'F32', parts: 2 });
    expect((await failure(release('wrong'), at('xor-wrong'))).code).toBe('bad-input');
    expect((await failure(release('wrong-unsummed', false), at('xor-wrong'))).code).toBe('bad-input');
    const one = join(at('xor-base'), files[4]!);
    const bytes = readFileSync(one);
    writeFileSync(one, Buffer.from(bytes).fill(7, bytes.length >> 1, (bytes.length >> 1) + 1));
    expect((await failure(join(at('oasst'), 'model-xor'), at('xor-base'))).message).toContain('md5');
    writeFileSync(one, bytes);
  });

  test('without a base, with a GGUF file or with a part missing says what is needed', async () => {
    const folder = release('alone');
    expect((await failure(folder)).message).toContain('XORed');
    expect((await failure(folder, at('base.gguf'))).message).toContain('very files');
    mkdirSync(at('xor-less'));
    for (const file of files.slice(0, -1))
      writeFileSync(join(at('xor-less'), file), readFileSync(join(at('xor-base'), file)));
    expect((await failure(folder, at('xor-less'))).message).toContain(`The base lacks ${files.at(-1)}`);
  });
});

test('a look says what was found before anything is made', async () => {
  writeHfFolder(at('vicuna-7b-delta-v0'), difference(tensors, base), hfShape, { type: 'F16' });
  const found = await lookAtOriginal({ path: at('vicuna-7b-delta-v0'), base: at('base.gguf') });
  const parameters = tensors.reduce((sum, { values }) => sum + values.length, 0);
  expect(found).toMatchObject({
    form: 'difference',
    name: 'vicuna-7b-v0',
    weights: 'F16',
    parameters,
    vocabulary: 512,
  });
  expect(found.sizeBytes).toBe(parameters * (2 + 4));
  const alone = await lookAtOriginal({ path: at('vicuna-7b-delta-v0'), base: null });
  expect(alone).toMatchObject({ form: 'whole', notes: [expect.stringContaining('difference')] });
});

describe('as a job', () => {
  const job = (path: string, output: string, quantization: ForgeTask['quantization'], name = 'new') =>
    runTask({ kind: 'recover', path, base: null, name, quantization }, at(output), {
      signal: new AbortController().signal,
      report: () => undefined,
    });

  test('the weights stay as they are, or are quantised by llama.cpp on the way', async () => {
    const folder = at('job');
    writeHfFolder(folder, tensors, hfShape, { form: 'pytorch', type: 'F16' });
    const as = await job(folder, 'as.gguf', null, 'My model');
    expect(await readSummary(as.path)).toMatchObject({
      quantization: 'F16',
      trainedContext: hfShape.context,
    });
    expect((await readGguf(as.path)).metadata.get('general.name')).toBe('My model');
    const before = readdirSync(root);
    const small = await job(folder, 'small.gguf', 'Q4_0');
    expect(await readSummary(small.path)).toMatchObject({ quantization: 'Q4_0' });
    expect(small.sizeBytes).toBeLessThan(as.sizeBytes / 2);
    expect(readdirSync(root).filter((name) => !before.includes(name))).toEqual(['small.gguf']);
  });
});

describe('what can’t be converted', () => {
  const folder = () => at(`bad-${count++}`);

  test('missing files are named one by one', async () => {
    const path = folder();
    writeHfFolder(path, tensors, hfShape, { parts: 3 });
    rmSync(join(path, 'model-00002-of-00003.safetensors'));
    rmSync(join(path, 'tokenizer.model'));
    expect((await failure(path)).message).toBe(
      '2 files are missing: model-00002-of-00003.safetensors, tokenizer.model.',
    );
    expect((await failure(at('nowhere'))).code).toBe('not-found');
  });

  test.each([
    [{ architectures: ['MistralForCausalLM'] }, 'MistralForCausalLM'],
    [{ rope_scaling: { type: 'dynamic', factor: 2 } }, 'dynamic'],
    [{ hidden_act: 'gelu' }, 'gelu'],
    [{ intermediate_size: 164 }, 'do not fit config.json'],
    [{ num_hidden_layers: 3 }, 'missing'],
    [{ hidden_size: 'wide' }, 'hidden_size'],
  ])('a config.json with %j', async (config, reason) => {
    const path = folder();
    writeHfFolder(path, tensors, hfShape, { config });
    expect((await failure(path)).message).toContain(reason);
  });

  test('tensors that no LLaMA has', async () => {
    const path = folder();
    writeHfFolder(path, [...tensors, { ...tensors[0]!, name: 'base_model.lora_A.weight' }]);
    expect((await failure(path)).hint).toContain('LoRA');
  });

  test('values that are no numbers', async () => {
    const path = folder();
    writeHfFolder(
      path,
      tensors.map((tensor, index) =>
        index === 3 ? { ...tensor, values: tensor.values.map(() => NaN) } : tensor,
      ),
    );
    expect((await failure(path)).message).toContain('no numbers');
  });

  test('a stop leaves nothing', async () => {
    const path = folder();
    writeHfFolder(path, tensors);
    const before = readdirSync(root);
    const stop = new AbortController();
    const target = { path: at('stopped.gguf'), name: 'new', type: 'F16' } as const;
    const run = recover({ path, base: null }, target, stop, () => stop.abort());
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(root)).toEqual(before);
  });
});
