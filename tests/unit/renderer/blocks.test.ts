import fc from 'fast-check';
import { lexer } from 'marked';
import { expect, test } from 'vitest';
import { BlockStream } from '../../../renderer/markdown/blocks.js';
import { plainText } from '../../../preload/contract/markdown/plain-text.js';

const document = [
  '# Llamas\n\nThey are *kind*.\n\n',
  '- one\n- two\n\n  more of two\n- three\n\n',
  'A heading\n=========\n\n',
  '```python\nprint("x")\n\nprint("y")\n```\n\n',
  '| a | b |\n|---|---|\n| 1 | 2 |\n\n',
  '> quoted\nlazy\n\n1. first\n2. second\n\n<div>raw</div>\n\nThe end, with a [link](https://example.org).\n',
].join('');
const raw = (source: string) =>
  lexer(source)
    .filter(({ type }) => type !== 'space')
    .map((token) => [token.type, token.raw.trim()]);

test('however the text comes, the end is what a single reading gives', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }), (steps) => {
      const stream = new BlockStream();
      let at = 0;
      for (const step of steps) {
        at = Math.min(document.length, at + step);
        stream.update(document.slice(0, at), true);
      }
      const blocks = stream.update(document, true);
      expect(blocks.map(({ token }) => [token.type, token.raw.trim()])).toEqual(raw(document));
      expect(stream.update(document, false).map(({ token }) => [token.type, token.raw.trim()])).toEqual(
        raw(document),
      );
    }),
  );
});

test('finished blocks keep their identity while more text comes', () => {
  const stream = new BlockStream();
  const [first] = stream.update('one\n\ntwo\n\nthree\n\nfour', true);
  const [later] = stream.update('one\n\ntwo\n\nthree\n\nfour and more\n\nfive', true);
  expect(later).toBe(first);
});

test('entities and escapes are read', () => {
  expect(plainText('a &amp; b &lt;c&gt; &#8594; &unknown;', 'text')).toBe('a & b <c> → &unknown;');
  expect(plainText('\\*', 'escape')).toBe('*');
});
