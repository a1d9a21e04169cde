import { expect, test } from 'vitest';
import { legacyFamily, legacyName, saysLlama2 } from '../../../../../main/models/forge/legacy-family.js';

test.each([
  ['koala-7B.ggmlv3.q4_0.bin', 'koala-7B', 'koala'],
  ['ggml-alpaca-7b-q4.bin', 'alpaca-7b', 'alpaca'],
  ['gpt4-x-alpaca-13b-ggml-q4_0.bin', 'gpt4-x-alpaca-13b', 'alpaca'],
  ['ggml-vicuna-13b-4bit.bin', 'vicuna-13b', 'vicuna-v0'],
  ['ggml-vicuna-13b-1.1-q4_0.bin', 'vicuna-13b-1.1', 'vicuna-v1.1'],
  ['ggml-vicuna-7b-4bit-rev1.bin', 'vicuna-7b-rev1', 'vicuna-v1.1'],
  ['wizardLM-7B.GGML.q4_2.bin', 'wizardLM-7B', 'wizardlm-7b'],
  ['OpenAssistant-SFT-7-Llama-30B.ggmlv3.q5_K_M.bin', 'OpenAssistant-SFT-7-Llama-30B', 'oasst-llama'],
  ['llama-7b.ggmlv3.q8_0.bin', 'llama-7b', undefined],
])('%s is %s', (file, name, family) => {
  expect(legacyName(`/some/where/${file}`)).toBe(name);
  expect(legacyFamily(name, 'ggjt v1')?.id).toBe(family);
});

test('what names nothing keeps the name of its file', () => {
  expect(legacyName('ggml-model-q4_0.bin')).toBe('ggml-model-q4_0');
});

test('a later container without a version is not taken for the first Vicuna', () => {
  expect(legacyFamily('vicuna-13b', 'ggjt v3')?.id).toBe('vicuna-v1.1');
});

test.each([
  ['llama-2-7b', true],
  ['Llama2-13B-Orca', true],
  ['llama-7b', false],
])('%s made from Llama 2: %s', (name, expected) => expect(saysLlama2(name)).toBe(expected));
