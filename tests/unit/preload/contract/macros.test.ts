/** What becomes of the macros of cards. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandMacros } from '../../../../preload/contract/macros.js';

const names = { char: 'Quilla', user: 'Ana' };
const expand = (text: string, seed = 'chat') => expandMacros(text, names, seed);

test.each([
  ['{{char}} greets {{user}}.', 'Quilla greets Ana.'],
  ['{{CHAR}}, {{ User }}, <USER>, <BOT>, <CHAR>', 'Quilla, Ana, Ana, Quilla, Quilla'],
  ['a{{// a note}}b{{comment: another}}c{{hidden_key:x}}', 'abc'],
  ['{{reverse:llama}}', 'amall'],
  ['{{original}}|', '|'],
  ['{{unknown}} {{ and }} {char} {{', '{{unknown}} {{ and }} {char} {{'],
  ['{{random:wool}} {{pick::wool}} {{roll:d1}} {{roll:1}}', 'wool wool 1 1'],
  ['{{random:a\\,b}}', 'a,b'],
  ['{{roll:many}}', '{{roll:many}}'],
])('%s', (text, expanded) => expect(expand(text)).toBe(expanded));

test('{{original}} stands for the system prompt in force', () => {
  expect(expandMacros('{{original}} Be brief.', names, '', 'Be kind.')).toBe('Be kind. Be brief.');
});

test('a name is never read as a macro', () => {
  expect(expandMacros('{{char}}', { char: '{{user}}', user: 'Ana' }, '')).toBe('{{user}}');
  expect(expandMacros('{{char}}', { char: '$&', user: 'Ana' }, '')).toBe('$&');
});

test('chance is the same for the same chat, and every choice comes', () => {
  const roll = (seed: string) => expand('{{random:a,b,c}}', seed);
  expect(roll('one')).toBe(roll('one'));
  const seeds = Array.from({ length: 60 }, (_, index) => String(index));
  expect([...new Set(seeds.map(roll))].sort()).toEqual(['a', 'b', 'c']);
  const dice = seeds.map((seed) => Number(expand('{{roll:d6}}', seed)));
  expect([...new Set(dice)].sort()).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a text without braces and marks stays as it is', () => {
  fc.assert(
    fc.property(fc.string(), (text) => expand(text.replace(/[{<]/g, '')) === text.replace(/[{<]/g, '')),
  );
});
