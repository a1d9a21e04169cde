import { expect, test } from 'vitest';
import { codePieces } from '../../../renderer/markdown/code-pieces.js';

const line = 'const llama = "hums";\n';
const code = line.repeat(5000);

test('while code grows, finished pieces stay and the open one is short: each is coloured once', () => {
  let before: string[] = [];
  const coloured: string[] = [];
  for (let length = 0; length <= code.length; length += 331) {
    const pieces = codePieces(code.slice(0, length), true);
    expect(pieces.join('')).toBe(code.slice(0, length));
    expect(pieces.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
    coloured.push(...pieces.filter((piece, index) => piece !== before[index]));
    expect(pieces.at(-1)!.length).toBeLessThanOrEqual(2000 + line.length);
    before = pieces;
  }
  // What is coloured at a frame is at most the open piece and the one that was finished: never from the start.
  const most = Math.max(...coloured.map(({ length }) => length));
  expect(most).toBeLessThanOrEqual(2000 + line.length);
  expect(coloured.length).toBeLessThan(2 * (code.length / 331));
});

test('finished code is coloured as a whole, unless it is very long', () => {
  expect(codePieces(line.repeat(500), false)).toHaveLength(1);
  expect(codePieces(code, false).length).toBeGreaterThan(10);
  expect(codePieces(code, false).join('')).toBe(code);
  expect(codePieces('', true)).toEqual(['']);
});
