import { expect, test } from 'vitest';
import { blocksOf, promptPieces } from '../../../renderer/lib/prompt-lines.js';

const token = (id: number, text: string) => ({ id, text, source: 'user' as const, isMark: false });

test('white space is visible, and a letter shown before is a mark of its own', () => {
  const texts = promptPieces([token(1, ' a\t\n'), token(2, '')], null, 0).map(({ text }) => text);
  expect(texts).toEqual(['·a→⏎\n', '…']);
});

test('what is new and what is gone stand where they belong; the cache ends where it ends', () => {
  const [a, b, c, d] = [token(1, 'a'), token(2, 'b'), token(3, 'c'), token(4, 'd')];
  const pieces = promptPieces([a, c, d], [a, b, c], 1);
  expect(pieces.map(({ text, source, isNew, endsCache }) => [text, source, isNew, endsCache])).toEqual([
    ['a', 'user', false, false],
    ['b', null, false, false],
    ['c', 'user', false, true],
    ['d', 'user', true, false],
  ]);
});

test('blocks end with a line, and lose nothing', () => {
  const pieces = promptPieces(
    Array.from({ length: 900 }, (_, index) => token(index, index % 10 === 9 ? '\n' : 'x')),
    null,
    0,
  );
  const blocks = blocksOf(pieces);
  expect(blocks.flat()).toEqual(pieces);
  expect(blocks.map((block) => block.at(-1)!.text)).toEqual(['⏎\n', '⏎\n', '⏎\n', '⏎\n', '⏎\n']);
  const line = promptPieces(
    Array.from({ length: 900 }, (_, index) => token(index, 'x')),
    null,
    0,
  );
  expect(blocksOf(line).map(({ length }) => length)).toEqual([600, 300]);
});
