import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attachedBlock, withAttachments, type Attached } from '../../../../main/chat/attached.js';

const details = { encoding: null, pages: null, emptyPages: 0, rows: null, columns: null, delimiter: null };
const file = (text: string, more: Partial<Attached> = {}): Attached => ({
  ...{ name: 'notes.txt', text, part: { kind: 'all' }, details },
  ...more,
});

test('files stand before the text of their message', () => {
  const second = file('b\n', { name: 'b.md' });
  expect(withAttachments('What is it?', [file('a'), second])).toBe(
    'File "notes.txt":\n```\na\n```\n\nFile "b.md":\n```\nb\n```\n\nWhat is it?',
  );
  expect(withAttachments('', [file('a')])).toBe('File "notes.txt":\n```\na\n```');
  expect(withAttachments('Only words', [])).toBe('Only words');
  expect(withAttachments('', [])).toBe('');
});

/** The content of the first fenced block (CommonMark, section 4.5), and what follows it. */
function readFence(block: string): { content: string; rest: string } {
  const [, ...lines] = block.split('\n');
  const fence = /^(`{3,})$/.exec(lines[0]!)![1]!;
  const end = lines.findIndex(
    (line, at) => at > 0 && new RegExp(`^ {0,3}\`{${fence.length},}[ \\t]*$`).test(line),
  );
  return { content: lines.slice(1, end).join('\n'), rest: lines.slice(end + 1).join('\n') };
}

test('no content can close its fence, and no name can end its line', () => {
  const line = fc.oneof(fc.constantFrom('```', '````', '  `````', '`', '', 'File "x":', '~~~'), fc.string());
  const content = fc.array(line, { minLength: 1 }).map((lines) => lines.join('\n'));
  const name = fc.oneof(fc.string(), fc.constantFrom('a\n```\nb', 'a\u2028b', 'a"b', '\u202egnp.txt'));
  fc.assert(
    fc.property(content, name, (text, called) => {
      const block = attachedBlock(file(text, { name: called }));
      expect(block.split('\n')[0]).toMatch(/^File "[^"`\p{C}]*":$/u);
      const shown = text.replaceAll('\f', '\n\n');
      const { content: read, rest } = readFence(block);
      expect(read).toBe(shown.endsWith('\n') ? shown.slice(0, -1) : shown);
      expect(rest).toBe('');
    }),
    { numRuns: 500 },
  );
});

test('a part says of what it is one', () => {
  const pdf = file('one\ftwo\fthree', { details: { ...details, pages: 3 } });
  const block = (part: Attached['part']) => attachedBlock({ ...pdf, part });
  expect(block({ kind: 'all' })).toBe('File "notes.txt":\n```\none\n\ntwo\n\nthree\n```');
  expect(block({ kind: 'pages', from: 2, to: 3 })).toBe(
    'File "notes.txt" (pages 2 to 3 of 3):\n```\ntwo\n\nthree\n```',
  );
  expect(block({ kind: 'pages', from: 2, to: 2 })).toContain('(page 2 of 3):\n```\ntwo\n```');
  expect(block({ kind: 'start', characters: 2 })).toContain('(its first 2 of 13 characters):\n```\non\n```');
});
