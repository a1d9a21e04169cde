/** Files that are damaged, hostile or absurd: what can be read of them is, the rest is told, and nothing breaks. */
import { describe, expect, test } from 'vitest';
import { Unreadable } from '../../../../../main/exchange/import/format.js';
import { readChats } from '../../../../../main/exchange/import/read-file.js';
import type { ImportedChat } from '../../../../../main/exchange/import/neutral.js';
import type { ImportFormat } from '../../../../../preload/contract/import-formats.js';
import type { PieceLimits } from '../../../../../main/exchange/import/json-pieces.js';
import {
  bytesOf,
  chatgptConversation,
  claudeConversation,
  foreignChats,
  said,
} from '../../../../fixtures/foreign-chats.js';

const facts = { name: 'file', modifiedMs: 1_700_000_000_000, beside: null };

async function* inChunks(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

type Options = { readonly chunk?: number; readonly format?: ImportFormat; readonly limits?: PieceLimits };

async function read(content: Buffer | string, { chunk = 65_536, format, limits }: Options = {}) {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
  const chats: ImportedChat[] = [];
  const failures: string[] = [];
  for await (const event of readChats(facts, inChunks(bytes, chunk), format ?? null, limits)) {
    if (event.kind === 'chat') chats.push(event.chat);
    else if (event.kind === 'failed') failures.push(`${event.what}: ${event.why}`);
  }
  return { chats, failures, titles: chats.map(({ title }) => title) };
}

const claude = (name: string, more = {}) => ({ ...claudeConversation, name, ...more });
const pretty = (value: unknown) => JSON.stringify(value, null, 2);

describe('files that are not whole', () => {
  test('cut off anywhere, all whole chats before are read', async () => {
    const whole = JSON.stringify(['a', 'b', 'c'].map((name) => claude(name)));
    const entry = JSON.stringify(claude('a')).length + 1;
    for (const length of [entry + 1, entry * 2 - 10, entry * 2 + 5, entry * 3 - 2]) {
      const { titles, failures } = await read(whole.slice(0, length), { chunk: 100 });
      expect(titles).toEqual(['a', 'b', 'c'].slice(0, Math.floor(length / entry)));
      expect(failures).toEqual([
        'The end of the file: It ends in the middle: what stood behind is not there.',
      ]);
    }
  });

  test('before the first chat, the file is refused', async () => {
    await expect(read(JSON.stringify([claude('a')]).slice(0, 200))).rejects.toThrow(
      'ends in the middle, before its first chat',
    );
    await expect(read('')).rejects.toThrow('empty');
  });

  test('of lines, the damaged ones are told', async () => {
    const lines = bytesOf(foreignChats.sharegpt).toString();
    const { chats, failures } = await read(
      `${lines}\n${lines.slice(0, 50)}\n\n{"a": "b\n${lines}\nwhat is this\n${lines}\n`,
    );
    expect(chats).toHaveLength(3);
    expect(failures).toEqual([
      'Entry 2: Its line is damaged.',
      'Entry 3: Its line is damaged.',
      'Entry 5: Its line is damaged.',
    ]);
  });

  test('an entry that is damaged inside is told, and the others are read', async () => {
    const good = JSON.stringify(claude('good'));
    const { titles, failures } = await read(
      `[${good}, {"uuid": tru, "chat_messages": []}, null, 7, "x", ${good}]`,
    );
    expect(titles).toEqual(['good', 'good']);
    expect(failures).toEqual(['Entry 2: It is damaged: this is not JSON.']);
  });
});

describe('other files', () => {
  test.each([
    ['text', 'Dear diary,'],
    ['numbers', '12, 13'],
    ['a text of JSON', '"hello"'],
    ['HTML', '<html><script>alert(1)</script></html>'],
    ['bytes', Buffer.from([0, 1, 2, 3, 255, 254, 0, 0])],
    ['other JSON', pretty({ name: 'package', version: '1.0.0', chats: 'none' })],
    ['an empty list', '[]'],
    ['lists of other things', pretty(Array.from({ length: 50 }, (_, id) => ({ id })))],
  ])('%s: it is said that there are no chats', async (_, content) => {
    await expect(read(content)).rejects.toThrow('holds no chats');
  });

  test('a format that the user chose but the file has not', async () => {
    const { chats, failures } = await read(pretty([{ a: 1 }]), { format: 'chatgpt' });
    expect(chats).toEqual([]);
    expect(failures).toEqual(['Entry 1: It has no messages.']);
  });
});

describe('encodings', () => {
  const text = JSON.stringify([claude('Grüße “اهلا” 🦙')]);

  test.each([
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16BE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['UTF-16LE without one', Buffer.from(text, 'utf16le')],
    ['UTF-16BE without one', Buffer.from(text, 'utf16le').swap16()],
  ])('%s', async (_, bytes) => {
    const { titles, chats } = await read(bytes, { chunk: 1001 });
    expect(titles).toEqual(['Grüße “اهلا” 🦙']);
    expect(chats[0]!.losses).toEqual({});
  });

  test('Windows-1252 is taken for what it is, and that is told', async () => {
    const { titles, chats } = await read(
      Buffer.from(
        '[{"name": "Grüße \u0096 ja", "chat_messages": [{"sender": "human", "text": "é"}]}]',
        'latin1',
      ),
    );
    expect(titles).toEqual(['Grüße – ja']);
    expect(chats[0]!.losses).toMatchObject({ encoding: 1 });
  });

  test('halves of characters and zeros in a text', async () => {
    const { titles } = await read(
      '[' + JSON.stringify(claude('x')).replace('"x"', '"a\\u0000b\\ud83e"') + ']',
    );
    expect(titles).toEqual(['ab\ud83e']);
  });
});

describe('absurd sizes', () => {
  const limits: PieceLimits = { bytes: 4000, depth: 40 };

  test('a chat that is too large is told, the others are read', async () => {
    const large = claude('large', { note: 'x'.repeat(10_000) });
    const { titles, failures } = await read(JSON.stringify([claude('a'), large, claude('b')]), {
      chunk: 333,
      limits,
    });
    expect(titles).toEqual(['a', 'b']);
    expect(failures).toEqual(['Entry 2: It is too large: 128 MB is the most for one chat.']);
  });

  test('a chat that is nested too deeply is told, the others are read', async () => {
    const deep = `{"chat_messages": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const { titles, failures } = await read(
      `[${JSON.stringify(claude('a'))},${deep},${JSON.stringify(claude('b'))}]`,
    );
    expect(titles).toEqual(['a', 'b']);
    expect(failures).toEqual(['Entry 2: It is nested too deeply to be a chat.']);
  });

  test('much more than memory may take is read in pieces', async () => {
    // 100 MB that are never in memory at once.
    const entry = Buffer.from(`${JSON.stringify(claude('a', { note: 'x'.repeat(1_000_000) }))},`);
    async function* endless() {
      yield Buffer.from('[');
      for (let count = 0; count < 100; count++) yield entry;
      yield Buffer.from('{}]');
    }
    let chats = 0;
    let mostBytes = 0;
    for await (const event of readChats(facts, endless(), null)) {
      if (event.kind === 'chat') chats++;
      mostBytes = Math.max(mostBytes, process.memoryUsage().heapUsed);
    }
    expect(chats).toBe(100);
    expect(mostBytes).toBeLessThan(200e6);
  }, 30_000);
});

describe('trees', () => {
  const node = (id: string, parent: unknown, words: string, children: unknown = []) => ({
    id,
    parent,
    children,
    message: { author: { role: 'user' }, content: { content_type: 'text', parts: [words] } },
  });
  const tree = async (mapping: unknown, more = {}) => {
    const { chats, failures } = await read(
      JSON.stringify([{ ...chatgptConversation, mapping, current_node: 'none', ...more }]),
    );
    return { chat: chats[0]!, failures };
  };

  test('a circle is cut, and every message stays', async () => {
    const { chat } = await tree({
      a: node('a', 'c', 'A'),
      b: node('b', 'a', 'B'),
      c: node('c', 'b', 'C'),
      d: node('d', 'd', 'D'),
    });
    expect(chat.messages.map(({ text }) => text).sort()).toEqual(['A', 'B', 'C', 'D']);
    expect(chat.losses).toEqual({ repaired: 2 });
  });

  test('a parent that is missing, or no text', async () => {
    const { chat } = await tree({
      a: node('a', 'gone', 'A'),
      b: node('b', { x: 1 }, 'B'),
      c: node('c', 'b', 'C', 'all'),
    });
    expect(chat.messages).toHaveLength(3);
    expect(chat.losses).toEqual({ repaired: 1 });
  });

  test('ids that are there twice', async () => {
    const twice = [
      ...claudeConversation.chat_messages,
      {
        ...claudeConversation.chat_messages[4]!,
        text: 'another',
        content: [{ type: 'text', text: 'another' }],
      },
    ];
    const { chats } = await read(JSON.stringify([claude('x', { chat_messages: twice })]));
    expect(chats[0]!.messages.map(({ text }) => text)).toContain('another');
    expect(chats[0]!.messages).toHaveLength(6);
    expect(chats[0]!.losses).toEqual({ repaired: 1 });
  });

  test('a chain of 50,000 messages', async () => {
    const mapping = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, at) => [
        `n${at}`,
        node(`n${at}`, at === 0 ? null : `n${at - 1}`, `${at}`),
      ]),
    );
    const { chat } = await tree(mapping, { current_node: 'n49999' });
    expect(chat.messages).toHaveLength(50_000);
    expect(chat.messages[chat.leaf!]!.text).toBe('49999');
  }, 20_000);
});

describe('wrong types', () => {
  const odd = [null, 7, 'x', [[]], { a: { b: [] } }];

  test.each(odd)(
    '%j in place of anything breaks nothing',
    async (value) => {
      for (const foreign of Object.values(foreignChats)) {
        for (const content of spoiled(foreign.content, value)) {
          // Either something is read or there is a sentence that says why not.
          const result = await read(bytesOf({ ...foreign, content })).catch((error: unknown) => {
            expect(error).toBeInstanceOf(Error);
            expect(error, String((error as Error).stack)).toBeInstanceOf(Unreadable);
            return null;
          });
          for (const { messages, leaf } of result?.chats ?? []) {
            for (const [at, { parent, text, createdAt }] of messages.entries()) {
              expect(parent === null || parent < at).toBe(true);
              expect(typeof text).toBe('string');
              expect(Number.isSafeInteger(createdAt)).toBe(true);
            }
            expect(leaf === null || leaf < messages.length).toBe(true);
          }
        }
      }
    },
    30_000,
  );

  test('times out of range, and words that are none', async () => {
    const times = [1e300, -5, 'yesterday', '0000-00-00', null, NaN, {}, '99999999999999999999'];
    const messages = times.map((created_at, at) => ({
      uuid: `m${at}`,
      sender: 'human',
      text: `${at}`,
      created_at,
    }));
    const { chats } = await read(
      JSON.stringify([{ name: 'x', created_at: 'never', updated_at: 1e99, chat_messages: messages }]),
    );
    expect(chats[0]).toMatchObject({ createdAt: facts.modifiedMs, updatedAt: facts.modifiedMs });
    expect(chats[0]!.messages.map(({ createdAt }) => createdAt)).toEqual(times.map(() => facts.modifiedMs));
  });
});

test('what looks like a program in a text stays text', async () => {
  const { chats } = await read(bytesOf(foreignChats.chatgpt));
  expect(chats[0]!.messages[0]!.text).toBe(said.question);
  const hostile = await read(
    '[{"__proto__": {"polluted": 1}, "name": "x", "chat_messages": [{"sender": "human", "text": "hi", "constructor": {}}]}]',
  );
  expect(hostile.titles).toEqual(['x']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

/** The value once in place of each part, two levels and more down. */
function* spoiled(content: unknown, value: unknown): Generator<unknown> {
  if (typeof content !== 'object' || content === null) return;
  for (const key of Object.keys(content)) {
    const parts = content as Record<string, unknown>;
    const rebuilt = (part: unknown) =>
      Array.isArray(content)
        ? content.map((each: unknown, at) => (String(at) === key ? part : each))
        : { ...parts, [key]: part };
    yield rebuilt(value);
    for (const inner of spoiled(parts[key], value)) yield rebuilt(inner);
  }
}
