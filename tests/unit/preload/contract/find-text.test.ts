import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countIn, placesIn, shownText, sought, typedText } from '../../../../preload/contract/find-text.js';

const found = (text: string, query: string) =>
  placesIn(text, sought(query)!).map(({ start, end }) => text.slice(start, end));

test.each([
  ['The llama and the Llama', 'llama', ['llama', 'Llama']],
  ['A vicuña, a VICUÑA, a vicun\u0303a', 'vicuna', ['vicuña', 'VICUÑA', 'vicun\u0303a']],
  ['wool and hay', 'vicuña', []],
  ['high\n  plains, high plains', 'high plains', ['high\n  plains', 'high plains']],
  ['It’s “wool”', 'it\'s "wool"', ['It’s “wool”']],
  ['ΣΟΦΟΣ σοφός', 'σοφος', ['ΣΟΦΟΣ', 'σοφός']],
  ['각하', '가', ['각']],
  ['🦙 llama 🦙', '🦙', ['🦙', '🦙']],
  ['aaaa', 'aa', ['aa', 'aa']],
  ['C:\\x (a+b)* [c] {1} ^$ |', '(a+b)* [c] {1} ^$ |', ['(a+b)* [c] {1} ^$ |']],
])('in %j, %j is found', (text, query, places) => {
  expect(found(text, query)).toEqual(places);
  expect(countIn(text, sought(query)!)).toBe(places.length);
});

test('white space alone looks for nothing', () => {
  expect(sought('  \n')).toBeNull();
});

test('whatever the text and the query: as many places as are counted, one after another', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'A', 'á', '\u0301', ' ', '\n', 'ß', 'ς', '가', '🦙', "'"),
  });
  fc.assert(
    fc.property(text, text, (all, query) => {
      const wanted = sought(query);
      if (wanted === null) return;
      const places = placesIn(all, wanted);
      expect(places).toHaveLength(countIn(all, wanted));
      let end = 0;
      for (const place of places) {
        expect(place.start).toBeGreaterThanOrEqual(end);
        expect(place.end).toBeGreaterThan(place.start);
        end = place.end;
      }
    }),
  );
});

test.each([
  ['**bold *both* words** and *slanted*', 'bold both words and slanted'],
  ['snake_case_name and _slanted_', 'snake_case_name and slanted'],
  ['2 * 3 * 4 and `a * b`', '2 * 3 * 4 and a * b'],
  ['see [the *wool*](https://example.org/llama "llama") there', 'see the wool there'],
  ['# Head\n\n> said\n\n- one\n- [x] two\n3. three', 'Head\n\nsaid\n\none\ntwo\nthree'],
  ['&lt;llama&gt; \\*kept\\*', '<llama> *kept*'],
  ['<think>\nhm\n</think>\nYes', '\n\nhm\n\n\nYes'],
])('of %j a reader sees %j', (markdown, shown) => {
  expect(shownText(markdown)).toBe(shown);
});

test('code is shown as it stands, without its fence; an open fence goes to the end', () => {
  expect(shownText('So:\n```js\nconst a_b = `**x**`;\n```\n**Done**')).toBe(
    'So:\n\nconst a_b = `**x**`;\n\nDone',
  );
  expect(shownText('```\n*open*')).toBe('\n*open*');
  expect(typedText('**as typed**\n```js\nx\n```')).toBe('**as typed**\n\nx\n');
});

test('cells of a table stand alone', () => {
  expect(shownText('| a | b |\n|---|---|\n| c | d |').split(/\s+/).filter(Boolean)).toEqual([
    'a',
    'b',
    'c',
    'd',
  ]);
});
