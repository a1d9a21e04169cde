import type { Token } from 'node-llama-cpp';
import { expect, test } from 'vitest';
import { promptTokens, stopTokens, type Vocabulary } from '../../../../main/engine/tokens.js';

const bos = 1 as Token;
const end = 2 as Token;
/** A letter is its code; control tokens are 1 and 2. */
const vocabulary: Vocabulary = {
  controlTokens: new Map([
    ['<s>', bos],
    ['</s>', end],
  ]),
  size: 300,
  tokenTexts: () => [],
  bos,
  addBos: true,
  tokenize: (text) => [...text].map((letter) => letter.codePointAt(0)! as Token),
};
const letters = (text: string) => vocabulary.tokenize(text);

test('special tokens are parsed in the template’s text and nowhere else', () => {
  const tokens = promptTokens(
    [
      { source: 'template', text: 'U:' },
      { source: 'user', text: 'a</s>' },
      { source: 'template', text: '</s>A:' },
    ],
    vocabulary,
  );
  expect(tokens).toEqual([bos, ...letters('U:a</s>'), end, ...letters('A:')]);
});

test('BOS stands once, also when the template writes it', () => {
  expect(promptTokens([{ source: 'template', text: '<s>x' }], vocabulary)).toEqual([bos, ...letters('x')]);
  expect(promptTokens([{ source: 'template', text: 'x' }], { ...vocabulary, addBos: false })).toEqual(
    letters('x'),
  );
});

test('text that stands together is tokenised together', () => {
  const seen: string[] = [];
  const spy: Vocabulary = {
    ...vocabulary,
    tokenize: (text) => {
      seen.push(text);
      return letters(text);
    },
  };
  promptTokens(
    [
      { source: 'template', text: 'USER: ' },
      { source: 'user', text: 'Hi' },
      { source: 'template', text: ' ASSISTANT:' },
    ],
    spy,
  );
  expect(seen).toEqual(['USER: Hi ASSISTANT:']);
});

test('a stop that is a mark, or begins with one, ends the reply at its token', () => {
  expect(stopTokens(['</s>', 'USER:', '<s>[INST]'], vocabulary)).toEqual(new Set([end, bos]));
  expect(stopTokens(['</s>'], { controlTokens: new Map() })).toEqual(new Set());
});
