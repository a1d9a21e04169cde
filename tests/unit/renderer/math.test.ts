import { expect, test } from 'vitest';
import type { Token } from 'marked';
import { BlockStream } from '../../../renderer/markdown/blocks.js';
import type { MathToken } from '../../../preload/contract/markdown/math-syntax.js';

/** All formulas of a text, as they would be drawn; `$$…` = on a line of its own. */
function formulas(source: string): string[] {
  const found: string[] = [];
  const look = (tokens: readonly Token[]) => {
    for (const token of tokens) {
      if (token.type === 'math') {
        const { tex, display } = token as MathToken;
        found.push(display ? `$$${tex}` : tex);
      }
      if ('tokens' in token && token.tokens) look(token.tokens);
      if (token.type === 'list') look(token['items'] as Token[]);
    }
  };
  look(new BlockStream().update(source, false).map(({ token }) => token));
  return found;
}

const math: readonly (readonly [string, readonly string[]])[] = [
  ['It is $x$.', ['x']],
  ['Euler: $e^{i\\pi}+1=0$, so $a_1 * b_2 * c$.', ['e^{i\\pi}+1=0', 'a_1 * b_2 * c']],
  ['With \\(a < b\\) and \\[c > d\\] within a line.', ['a < b', '$$c > d']],
  ['$$\\int_0^1 x\\,dx$$', ['$$\\int_0^1 x\\,dx']],
  ['$$\na &= b \\\\\n\nc &= d\n$$\n\nAfter.', ['$$a &= b \\\\\n\nc &= d']],
  ['Then:\n\\[\nx_1 + x_2\n\\]\nand on.', ['$$x_1 + x_2']],
  ['- a $p$ in a list\n\n> and $q$ quoted', ['p', 'q']],
  ['Escaped \\$ within $a\\$b$.', ['a\\$b']],
  ['5 is $5$ here', ['5']],
];
test.each(math)('math: %s', (source, expected) => expect(formulas(source)).toEqual(expected));

const text = [
  'It costs $5 and $6.',
  'From $5-$6, or US$7.',
  'Between $5 and 6$ in all',
  'Give me \\$x\\$.',
  '`$x$` in code',
  '```\n$$x$$\n```',
  'A lone $ sign, and $ another $ one.',
  'Nothing: $$ $$',
];
test.each(text)('no math: %s', (source) => expect(formulas(source)).toEqual([]));

test('a formula that is being written swallows nothing that stood before it', () => {
  const stream = new BlockStream();
  const types = (source: string) => stream.update(source, true).map(({ token }) => token.type);
  expect(types('One.\n\nTwo: $a_1 + b')).toEqual(['paragraph', 'paragraph']);
  expect(types('One.\n\nTwo: $a_1 + b$\n\n$$\nx\n\ny')).toEqual(['paragraph', 'paragraph', 'math']);
});
