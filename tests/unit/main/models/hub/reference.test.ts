import { expect, test } from 'vitest';
import { readReference } from '../../../../../main/models/hub/reference.js';

const read = (text: string) => readReference(text, 'https://mirror.example');
const repository = (name: string, revision = 'main') => ({ kind: 'repository', repository: name, revision });

test.each([
  ['TheBloke/LLaMA-7b-GGUF', repository('TheBloke/LLaMA-7b-GGUF')],
  [' TheBloke/LLaMA-7b-GGUF@v1.2 ', repository('TheBloke/LLaMA-7b-GGUF', 'v1.2')],
  ['https://huggingface.co/TheBloke/LLaMA-7b-GGUF', repository('TheBloke/LLaMA-7b-GGUF')],
  [
    'https://huggingface.co/TheBloke/LLaMA-7b-GGUF/?library=llama-cpp#files',
    repository('TheBloke/LLaMA-7b-GGUF'),
  ],
  ['https://mirror.example/TheBloke/LLaMA-7b-GGUF/tree/main', repository('TheBloke/LLaMA-7b-GGUF')],
  ['hf.co/TheBloke/LLaMA-7b-GGUF', repository('TheBloke/LLaMA-7b-GGUF')],
  ['vicuna 13b', { kind: 'search', text: 'vicuna 13b' }],
  ['', { kind: 'search', text: '' }],
  ['a/b/c', { kind: 'search', text: 'a/b/c' }],
  ['../etc', { kind: 'search', text: '../etc' }],
  ['owner/..', { kind: 'search', text: 'owner/..' }],
  ['https://example.org/x.gguf', { kind: 'link', url: 'https://example.org/x.gguf' }],
])('%s', (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test('a link to a file, however it was copied', () => {
  for (const verb of ['blob', 'resolve', 'raw']) {
    expect(read(`https://huggingface.co/a/b/${verb}/main/sub/x%20y.gguf?download=true`)).toEqual({
      ...{ kind: 'file', repository: 'a/b', revision: 'main', path: 'sub/x y.gguf' },
    });
  }
});
