import { expect, test } from 'vitest';
import { emptyBecause, modelsOf, type HubFile } from '../../../../../main/models/hub/models.js';
import { baseNameOf, quantizationOf } from '../../../../../main/models/hub/quantizations.js';

const file = (path: string, sizeBytes = 10): HubFile => ({ path, sizeBytes, sha256: null });
const list = (files: readonly HubFile[]) =>
  modelsOf(files, ({ path, sizeBytes, sha256 }) => ({ url: path, fileName: path, sizeBytes, sha256 }));

test.each([
  ['llama-7b.Q4_K_M.gguf', 'Q4_K_M', 'llama-7b'],
  ['SmolLM2-135M-Instruct-Q8_0.gguf', 'Q8_0', 'SmolLM2-135M-Instruct'],
  ['smollm2-1.7b-instruct-q4_k_m.gguf', 'Q4_K_M', 'smollm2-1.7b-instruct'],
  ['Model-UD-IQ2_XXS-00001-of-00002.gguf', 'IQ2_XXS', 'Model-00001-of-00002'],
  ['model-f16.gguf', 'F16', 'model'],
  ['Q4_0-of-something.Q5_1.gguf', 'Q5_1', '-of-something'],
  ['Llama-Q4.gguf', null, 'Llama-Q4'],
])('the quantisation of %s', (name, quantization, base) => {
  expect(quantizationOf(name)).toBe(quantization);
  expect(baseNameOf(name)).toBe(base);
});

test('split files are one model, in order, and whole ones come smallest first', () => {
  const models = list([
    file('big/m-Q8_0-00002-of-00002.gguf', 30),
    file('m.Q4_0.gguf', 40),
    file('README.md'),
    file('big/m-Q8_0-00001-of-00002.gguf', 70),
    file('m.Q2_K.gguf', 20),
    file('mmproj-m-f16.gguf', 1),
  ]);
  expect(models.map(({ name, quantization, sizeBytes }) => [name, quantization, sizeBytes])).toEqual([
    ['m.Q2_K', 'Q2_K', 20],
    ['m.Q4_0', 'Q4_0', 40],
    ['m-Q8_0', 'Q8_0', 100],
  ]);
  expect(models[2]!.files.map(({ fileName }) => fileName)).toEqual([
    'big/m-Q8_0-00001-of-00002.gguf',
    'big/m-Q8_0-00002-of-00002.gguf',
  ]);
  expect(models.every(({ quality, problem }) => quality !== null && problem === null)).toBe(true);
});

test('a split model with a part missing says so', () => {
  const [model] = list([file('m-00001-of-00003.gguf'), file('m-00003-of-00003.gguf')]);
  expect(model).toMatchObject({ problem: 'It has 2 of 3 parts here.' });
});

test('a repository without models says what it has, and where to go with it', () => {
  expect(emptyBecause(['model.safetensors'])).toContain('original weights');
  expect(emptyBecause(['koala-7B.ggmlv3.q4_0.bin'])).toContain('older GGML');
  expect(emptyBecause(['m.Q6_K.gguf-split-a'])).toContain('cut in an old way');
  expect(emptyBecause(['README.md'])).toBe('It has no model files.');
});
