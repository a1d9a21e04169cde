import type { Token } from 'node-llama-cpp';
import { expect, test } from 'vitest';
import { promptTokens, sourcedTokens, stopTokens, type Vocabulary } from '../../../../main/engine/tokens.js';

const bos = 1 as Token;
const end = 2 as Token;
/** A letter is its code; control tokens are 1 and 2. */
const vocabulary: Vocabulary = {
  controlTokens: new Map([
    ['<s>', bos],
    ['</s>', end],
  ]),
  size: 300,
  nameOf: () => '',
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

test('BOS that a template writes twice stands once', () => {
  expect(promptTokens([{ source: 'template', text: '<s><s>x' }], vocabulary)).toEqual([bos, ...letters('x')]);
});

test('each token has its text and its source, where borders fall into one its last letter’s', () => {
  /** Words with the space before them, as SentencePiece has them: it puts one before the first. */
  const words = new Map<string, Token>();
  const tokenize = (text: string) =>
    (` ${text}`.match(/ ?[^ ]+| /g) ?? []).map((word) => {
      if (!words.has(word)) words.set(word, (100 + words.size) as Token);
      return words.get(word)!;
    });
  const wordOf = (token: Token) => [...words].find(([, id]) => id === token)![0];
  const shown = sourcedTokens(
    [
      { source: 'template', text: 'USER: ' },
      { source: 'user', text: 'Hi you' },
      { source: 'template', text: ' GPT:' },
      { source: 'assistant', text: 'Yes' },
      { source: 'template', text: '</s>' },
    ],
    { ...vocabulary, tokenize },
    (tokens) => tokens.map(wordOf).join(''),
  );
  expect(shown.map(({ text, source, isMark }) => [text, source, isMark])).toEqual([
    ['<s>', 'template', true],
    [' USER:', 'template', false],
    [' Hi', 'user', false],
    [' you', 'user', false],
    [' GPT:Yes', 'assistant', false],
    ['</s>', 'template', true],
  ]);
});

test('a letter whose bytes are several tokens is shown by the first', () => {
  const half = 0xf0 as Token;
  const shown = sourcedTokens(
    [{ source: 'user', text: '🦙!' }],
    { ...vocabulary, addBos: false, tokenize: () => [half, half, 33 as Token] },
    (tokens) => (tokens.length === 2 ? '🦙' : tokens[0] === half ? '\uFFFD' : '!'),
  );
  expect(shown.map(({ text }) => text)).toEqual(['🦙', '', '!']);
});
