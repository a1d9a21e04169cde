/** Prompts out of files as other projects write them, and back. */
import { expect, test } from 'vitest';
import { readPromptLines, writePromptLines } from '../../../../main/prompt-sets/jsonl.js';
import { promptLimits } from '../../../../preload/contract/prompt-limits.js';

const read = (...lines: unknown[]) =>
  readPromptLines(
    'set',
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  );

test('the names of other projects are known, and of several turns the first is asked', () => {
  const { prompts, problems } = read(
    { prompt: 'P', category: 'coding', reference: 'R', level: 2 },
    { question: 'Q' },
    { instruction: 'I', input: 'about this' },
    { text: 'T', category: ' ' },
    { question_id: 81, category: 'math', turns: ['first', 'second'], reference: ['one', 'two'] },
    { prompt: ['in a list', 'then'], level: 'high' },
  );
  expect(problems).toEqual([]);
  const plain = { category: 'general', level: null, reference: '' };
  expect(prompts).toEqual([
    { text: 'P', category: 'coding', reference: 'R', level: 2 },
    { ...plain, text: 'Q' },
    { ...plain, text: 'I\n\nabout this' },
    { ...plain, text: 'T' },
    { ...plain, text: 'first', category: 'math', reference: 'one' },
    { ...plain, text: 'in a list' },
  ]);
});

test('a line that is no prompt is named with its number, and hides no other', () => {
  const { prompts, problems } = read(
    '\uFEFF{"prompt": "one"}\r',
    '',
    'not json',
    [1],
    { prompt: '  ' },
    { prompt: 'x'.repeat(promptLimits.textCharacters + 1) },
    { prompt: 'two', category: 'c'.repeat(promptLimits.categoryCharacters + 1) },
    { prompt: 'three' },
  );
  expect(prompts.map(({ text }) => text)).toEqual(['one', 'three']);
  expect(problems).toEqual([
    'Line 3: this is not JSON.',
    'Line 4: this is not an object.',
    'Line 5: it has no text under prompt, question, instruction, text, turns.',
    'Line 6: it has more than 100000 characters.',
    'Line 7: its category has more than 60 characters.',
  ]);
});

test('a file without a prompt is refused; of one that is too long the rest is told', () => {
  expect(() => read('hello', 'there')).toThrow('There is no prompt in “set”.');
  expect(() => read('')).toThrow('There is no prompt in “set”.');
  const lines = Array.from({ length: promptLimits.prompts + 5 }, (_, index) => ({ prompt: `p${index}` }));
  const { prompts, problems } = read(...lines);
  expect(prompts).toHaveLength(promptLimits.prompts);
  expect(problems).toEqual(['Line 10001 and those after it: a set can have at most 10000 prompts.']);
});

test('what is written is read again', () => {
  const { prompts } = read(
    { prompt: 'a\nb', category: 'coding', level: 3 },
    { prompt: '“c”', reference: 'd', category: 'x' },
  );
  const file = writePromptLines(prompts);
  expect(file.split('\n')[1]).toBe('{"prompt":"“c”","category":"x","reference":"d"}');
  expect(readPromptLines('again', file)).toEqual({ prompts, problems: [] });
});
