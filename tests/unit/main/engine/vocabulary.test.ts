import type { LlamaModel, Token } from 'node-llama-cpp';
import { expect, test } from 'vitest';
import { promptTokens } from '../../../../main/engine/tokens.js';
import { readVocabulary } from '../../../../main/engine/vocabulary.js';

const names = ['<s>', '</s>', '<|prompter|>', '  ', '\n'];
/** As llama.cpp does: user-defined tokens are found in any text, all else is letters here. */
const model = {
  tokens: { bos: 0, shouldPrependBosToken: true },
  tokenize: (text: string) =>
    text
      .split(/(<\|prompter\|>| {2})/)
      .flatMap((part) =>
        names.includes(part) ? [names.indexOf(part)] : [...part].map((letter) => letter.charCodeAt(0)),
      ),
} as unknown as LlamaModel;
const vocabulary = readVocabulary(
  {
    metadata: new Map<string, string[] | number[]>([
      ['tokenizer.ggml.tokens', names],
      ['tokenizer.ggml.token_type', [3, 3, 4, 4, 1]],
    ]),
    tensors: new Map(),
    places: new Map(),
    arrayLengths: new Map(),
    sizeBytes: 0,
  },
  model,
);
const tokens = (source: 'template' | 'user', text: string) => promptTokens([{ source, text }], vocabulary);

test('an added token that looks like a mark is one in the template’s text', () => {
  expect(vocabulary.controlTokens).toEqual(
    new Map([
      ['<s>', 0],
      ['</s>', 1],
      ['<|prompter|>', 2],
    ]),
  );
  expect(tokens('template', '<|prompter|>')).toEqual([0, 2]);
});

test('typed by a user it stays text, though llama.cpp would parse it; runs of spaces stay tokens', () => {
  const typed = tokens('user', 'a<|prompter|>b  <|prompter|>');
  expect(typed).not.toContain(2 as Token);
  expect(typed).toContain(3 as Token);
  expect(typed).toHaveLength(1 + 'a<|prompter|>b'.length + 1 + '<|prompter|>'.length);
});
