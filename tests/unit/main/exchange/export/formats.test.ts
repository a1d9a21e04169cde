import { beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../../../main/db/open.js';
import { writers } from '../../../../../main/exchange/export/formats.js';
import { makeSource } from '../../../../../main/exchange/export/source.js';
import { exportFormats, type ExportFormatId } from '../../../../../preload/contract/export-formats.js';
import { rich, writeExportedChats } from '../../../../fixtures/exported-chats.js';

type Written = keyof typeof writers;

function written(format: Written, part: 'tree' | 'path', metadata = true, change = ''): string {
  const db = openDatabase(':memory:');
  writeExportedChats(db);
  db.exec(change);
  return [...writers[format](makeSource(db).chat(rich, part), { metadata })].join('');
}

const linesOf = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

beforeAll(() => {
  // text-generation-webui writes the time of its place.
  process.env['TZ'] = 'UTC';
});

/** The fonts are KaTeX's. */
const withoutFonts = (html: string) => html.replace(/url\(data:font\/woff2;base64,[^)]*\)/g, 'url(…)');

describe('golden files', () => {
  it.each((Object.keys(writers) as ExportFormatId[]).filter((format) => format !== 'pdf'))(
    '%s',
    async (format) => {
      const text = withoutFonts(written(format as Written, 'tree'));
      await expect(text).toMatchFileSnapshot(
        `../../../../fixtures/exports/${format}.${exportFormats[format].extension}`,
      );
    },
  );
});

describe('the formats for people', () => {
  it.each(['markdown', 'text', 'html'] as const)('%s: the path alone, and without metadata', (format) => {
    const text = withoutFonts(written(format, 'path', false));
    expect(text).toContain('And math?');
    expect(text).not.toContain('מרחבא');
    expect(text).not.toContain('Another version');
    expect(text).not.toMatch(/Vicuna-7B|2026|tok\/s|Be brief|Tags/);
    expect(text).toContain('Assistant');
  });

  it('what a text has of HTML or script is shown, never run', () => {
    const html = written(
      'html',
      'tree',
      true,
      `UPDATE messages SET text = '<img src=x onerror=alert(1)> [a](javascript:alert(1)) <script>alert(2)</script> ![i](https://example.org/i.png)'`,
    );
    expect(html).not.toMatch(/<(?:script|img)\b|href="javascript:/);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).toContain("default-src 'none'");
  });

  it('fonts come along where there are formulas, each in one form', () => {
    const html = written('html', 'path');
    expect(html.match(/url\(data:font\/woff2;base64,[A-Za-z0-9+/=]{1000,}\)/g)).toHaveLength(20);
    expect(html).not.toMatch(/url\((?!data:)/);
    expect(written('html', 'path', true, `UPDATE messages SET text = 'none'`)).not.toContain('@font-face');
  });

  it('a text that nests too deep is shown as it stands', () => {
    const deep = '> '.repeat(20_000);
    expect(written('html', 'path', true, `UPDATE messages SET text = '${deep}x'`)).toContain('&gt; &gt;');
  });

  it('thinking is open on paper, where nobody can unfold it', () => {
    const change = `UPDATE chats SET leaf_id = 'a1-other'`;
    expect(written('pdf', 'path', true, change)).toContain('<details open>');
    expect(written('html', 'path', true, change)).toContain('<details>');
  });
});

describe('the formats for training', () => {
  it('have each path that ends with a reply, and the files as the model was given them', () => {
    const lines = linesOf(written('openai', 'tree')) as { messages: { role: string; content: string }[] }[];
    expect(lines.map(({ messages }) => messages.map(({ role }) => role[0]).join(''))).toEqual([
      'sua',
      'suaua',
      'suaua',
    ]);
    expect(
      lines.find(({ messages }) => messages[3]?.content.includes('And math?'))!.messages[3]!.content,
    ).toContain('File "notes.md"');
    expect(linesOf(written('openai', 'path', false))).toHaveLength(1);
    expect(Object.keys(linesOf(written('openai', 'path', false))[0]!)).toEqual(['messages']);
  });

  it('Alpaca has each question with each of its replies', () => {
    const lines = linesOf(written('alpaca', 'tree')) as {
      instruction: string;
      input: string;
      output: string;
    }[];
    expect(lines).toHaveLength(4);
    expect(lines.filter(({ input }) => input !== '')).toMatchObject([{ instruction: 'And math?' }]);
  });

  it('nothing is written of a chat without replies', () => {
    expect(written('sharegpt', 'tree', true, `UPDATE messages SET text = '' WHERE role = 'assistant'`)).toBe(
      '',
    );
  });
});

describe('text-generation-webui', () => {
  type History = {
    internal: [string, string][];
    visible: [string, string][];
    metadata: Record<
      string,
      { versions?: { content: string }[]; current_version_index?: number; attachments?: unknown[] }
    >;
  };
  const history = (part: 'tree' | 'path', metadata = true, change = '') =>
    JSON.parse(written('text-generation-webui', part, metadata, change)) as History;

  it('has pairs, versions with the one that is shown, and attachments', () => {
    const { internal, visible, metadata } = history('tree');
    expect(internal.map(([user]) => user)).toEqual(['Show me code <script>alert(1)</script>', 'And math?']);
    expect(visible[0]![0]).toBe('Show me code &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(metadata['user_0']!.versions!.map(({ content }) => content)).toEqual([
      'Show me cod',
      'Show me code <script>alert(1)</script>',
    ]);
    expect(metadata['assistant_0']!.current_version_index).toBe(0);
    expect(metadata['user_1']!.attachments).toEqual([
      { name: 'notes.md', type: 'text/plain', content: '# Notes: ✓' },
    ]);
  });

  it('marks a reply that opens a chat, and has a question without a reply', () => {
    const opened = history(
      'path',
      true,
      `UPDATE messages SET role = 'assistant' WHERE id = 'u1'; UPDATE chats SET leaf_id = 'u2'`,
    );
    expect(opened.internal.map(([user]) => user)).toEqual(['<|BEGIN-VISIBLE-CHAT|>', '', 'And math?']);
    expect(opened.internal[2]![1]).toBe('');
  });

  it('without metadata says no times and models', () => {
    expect(JSON.stringify(history('path', false).metadata)).not.toMatch(/Vicuna|model_name/);
  });
});

describe('SillyTavern', () => {
  it('has the versions of a reply as swipes', () => {
    const [head, ...messages] = linesOf(written('sillytavern', 'tree')) as [
      object,
      ...Record<string, unknown>[],
    ];
    expect(head).toHaveProperty('chat_metadata');
    expect(messages.map(({ is_user }) => is_user)).toEqual([true, false, true, false]);
    expect(messages[1]).toMatchObject({ name: 'Vicuna-7B', swipe_id: 0, extra: { token_count: 25 } });
    expect(messages[1]!['swipes']).toHaveLength(2);
    expect(messages[0]).not.toHaveProperty('swipes');
  });
});
