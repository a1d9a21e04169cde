/** Which entries of a lorebook join a prompt. */
import { expect, test } from 'vitest';
import { estimatedTokens, loreOf } from '../../../../main/chat/lorebook.js';
import { bookSchema } from '../../../../preload/contract/characters.js';

type Entry = Record<string, unknown>;
const found = (entries: readonly Entry[], messages: readonly string[], book: Entry = {}) => {
  const given = entries.map((entry) => ({ keys: [], content: `[${String(entry['name'])}]`, ...entry }));
  const expand = (text: string) => text.replace('{{char}}', 'Quilla');
  const { before, after } = loreOf(bookSchema.parse({ ...book, entries: given }), messages, expand);
  return [...before, '|', ...after].join('');
};

test('an entry joins when one of its keys is mentioned in the last messages', () => {
  const entries = [
    { name: 'a', keys: ['lake', 'shore'] },
    { name: 'b', keys: ['{{char}}'] },
  ];
  expect(found(entries, ['At the SHORE.'])).toBe('[a]|');
  expect(found(entries, ['Quilla sat by the lake.'])).toBe('[a][b]|');
  expect(found(entries, ['lakes', 'snowflake'])).toBe('|');
  expect(found(entries, ['lake', 'two', 'three'], { scan_depth: 2 })).toBe('|');
  expect(found(entries, ['lake'], { scan_depth: 0 })).toBe('|');
});

test('a key is a whole word; scripts without spaces have none', () => {
  expect(found([{ name: 'a', keys: ['art'] }], ['The heart.'])).toBe('|');
  expect(found([{ name: 'a', keys: ['art'] }], ['Is it art?'])).toBe('[a]|');
  expect(found([{ name: 'a', keys: ['猫'] }], ['白猫です'])).toBe('[a]|');
  expect(found([{ name: 'a', keys: [' ', ''] }], ['any'])).toBe('|');
});

test('constant entries are always there, disabled and empty ones never', () => {
  expect(found([{ name: 'a', constant: true }], [])).toBe('[a]|');
  expect(found([{ name: 'a', constant: true, enabled: false }], [])).toBe('|');
  expect(found([{ constant: true, content: ' ' }], [])).toBe('|');
});

test('a selective entry wants one of its secondary keys too; case counts where it says so', () => {
  const selective = { name: 'a', keys: ['llama'], secondary_keys: ['white'], selective: true };
  expect(found([selective], ['a llama'])).toBe('|');
  expect(found([selective], ['a white llama'])).toBe('[a]|');
  expect(found([{ ...selective, selective: false }], ['a llama'])).toBe('[a]|');
  expect(found([{ ...selective, secondary_keys: [] }], ['a llama'])).toBe('[a]|');
  expect(found([{ name: 'a', keys: ['Nieve'], case_sensitive: true }], ['nieve'])).toBe('|');
});

test('they stand by their numbers, before or after the character', () => {
  const entries = [
    { name: 'late', constant: true, insertion_order: 30 },
    { name: 'early', constant: true, insertion_order: 1 },
    { name: 'after', constant: true, insertion_order: 0, position: 'after_char' },
  ];
  expect(found(entries, [])).toBe('[early][late]|[after]');
});

test('what does not fit the budget is left out, the least weighty first', () => {
  const content = 'x'.repeat(40);
  expect(estimatedTokens(content)).toBe(10);
  const entry = (first: string, more: Entry) => ({ keys: ['k'], content: first + content.slice(1), ...more });
  const three = [entry('a', { priority: 1 }), entry('b', { priority: 5 }), entry('c', { constant: true })];
  const letters = (text: string) => text.replace(/x/g, '');
  expect(letters(found(three, ['k'], { token_budget: 20 }))).toBe('bc|');
  expect(letters(found(three, ['k'], { token_budget: 10 }))).toBe('c|');
  expect(letters(found(three, ['k'], { token_budget: 0 }))).toBe('|');
});

test('what was found is searched too where the book says so', () => {
  const entries = [
    { keys: ['lake'], content: 'The lake has a boat.' },
    { keys: ['boat'], content: 'The boat leaks.' },
  ];
  expect(found(entries, ['lake'])).toBe('The lake has a boat.|');
  expect(found(entries, ['lake'], { recursive_scanning: true })).toBe('The lake has a boat.The boat leaks.|');
});

test('regular expressions of strangers are not run', () => {
  const key = '(a+)+$';
  expect(found([{ name: 'a', keys: [key], use_regex: true }], [`${'a'.repeat(40)}!${key}`])).toBe('|');
});
