import fc from 'fast-check';
import { expect, test } from 'vitest';
import { best, folded, scoreOf } from '../../../renderer/lib/fuzzy.js';

const score = (query: string, text: string) => scoreOf(folded(query).split(' '), folded(text));
const entries = (...texts: string[]) => texts.map((text) => ({ text, folded: folded(text) }));
const find = (query: string, ...texts: string[]) =>
  best(query, entries(...texts), 10).map(({ text }) => text);

test('the start of a word goes before the middle of one, and that before letters left out', () => {
  expect(find('chat', 'cohabitat', 'Snitchat', 'Delete this chat')).toEqual([
    'Delete this chat',
    'Snitchat',
    'cohabitat',
  ]);
  expect(find('modl', 'Unload the model', 'Middle of a long road')).toEqual(['Unload the model']);
});

test('first letters, several words in any order, and words without their accents are found', () => {
  expect(find('nc', 'Next chat', 'Notebook', 'Choose a model')).toEqual(['Next chat']);
  expect(find('model unl', 'Unload the model', 'Choose a model')).toEqual(['Unload the model']);
  expect(find('vicuna', 'Vicuña v1.1')).toEqual(['Vicuña v1.1']);
  expect(find('ÜBER', 'Uber die Anden')).toEqual(['Uber die Anden']);
});

test('letters far apart are no match, and one letter is not scattered', () => {
  expect(score('lnd', 'alpacas and their high plain')).toBeNull();
  expect(score('xyz', 'a text about everything else')).toBeNull();
  expect(score('x', 'a text')).not.toBeNull();
  expect(score('z', 'a text')).toBeNull();
});

test('of two that fit alike the shorter one goes first, and then the one that came first', () => {
  expect(find('chat', 'Chat about the weather in Cusco', 'Chat')).toEqual([
    'Chat',
    'Chat about the weather in Cusco',
  ]);
  expect(find('chat', 'Chat b', 'Chat a')).toEqual(['Chat b', 'Chat a']);
});

const text = fc.string({ unit: fc.constantFrom(...'abcde éü-3'), maxLength: 30 });

test('any part of a text finds it', () => {
  fc.assert(
    fc.property(text, fc.nat(), fc.nat(), (whole, from, length) => {
      const part = folded(whole)
        .slice(from % (whole.length + 1))
        .slice(0, length % (whole.length + 1));
      return scoreOf(part.split(/\s+/).filter(Boolean), folded(whole)) !== null;
    }),
  );
});

test('a further word never finds what was not found without it, and the order of words does not matter', () => {
  fc.assert(
    fc.property(
      fc.array(
        text.map((each) => folded(each).trim()),
        { maxLength: 4 },
      ),
      text,
      (words, whole) => {
        const all = words.flatMap((each) => each.split(/\s+/).filter(Boolean));
        const found = scoreOf(all, folded(whole));
        expect(scoreOf([...all].reverse(), folded(whole))).toBe(found);
        if (found !== null) expect(scoreOf(all.slice(1), folded(whole))).not.toBeNull();
      },
    ),
  );
});

test('the answer is the best of all, bounded, and takes one look at each of 10,000', () => {
  let looks = 0;
  const many = Array.from({ length: 10_000 }, (_, index) => ({
    index,
    get folded() {
      looks++;
      return `chat ${index} about llamas`;
    },
  }));
  expect(best('llama', many, 50)).toHaveLength(50);
  expect(looks).toBe(10_000);
  expect(best('9876 chat', many, 50).map(({ index }) => index)).toEqual([9876]);
});

test('the bounded answer is the beginning of the whole one', () => {
  fc.assert(
    fc.property(
      fc.array(text, { maxLength: 40 }),
      text,
      fc.integer({ min: 1, max: 8 }),
      (texts, query, limit) => {
        const all = entries(...texts);
        expect(best(query, all, limit)).toEqual(best(query, all, 100).slice(0, limit));
      },
    ),
  );
});
