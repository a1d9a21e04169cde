import { expect, test } from 'vitest';
import { placeOfWord, wordAround } from '../../../renderer/lib/word-place.js';

test('the word around a place, from its first letter', () => {
  expect(wordAround('The vicuña hums', 6)).toEqual({ start: 4, word: 'vicuña' });
  expect(wordAround('The vicuña hums', 4)).toEqual({ start: 4, word: 'vicuña' });
  expect(wordAround('a. b', 3)).toEqual({ start: 3, word: 'b' });
  expect(wordAround('a  b', 2).word).toBe('');
});

test('a word that is shown is found in its source, marks and all', () => {
  const source = '**Llamas** hum.\n\n- Llamas spit\n- [Llamas](x) run';
  const shown = 'Llamas hum. Llamas spit Llamas run';
  const place = (nth: number) => {
    let at = -1;
    for (let count = 0; count <= nth; count++) at = shown.indexOf('Llamas', at + 1);
    return placeOfWord(source, shown.slice(0, at), 'Llamas');
  };
  expect([place(0), place(1), place(2)].map((at) => source.slice(at!, at! + 6))).toEqual(
    Array(3).fill('Llamas'),
  );
  expect([place(0), place(1), place(2)]).toEqual([2, 19, 34]);
  expect(placeOfWord(source, '', 'alpaca')).toBeNull();
  expect(placeOfWord(source, '', '')).toBeNull();
});
