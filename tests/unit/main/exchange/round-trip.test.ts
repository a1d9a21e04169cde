/** What is exported in the app's own format comes back equal, into another database, whatever was said. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Database } from 'better-sqlite3';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries } from '../../../../main/db/queries.js';
import { writeOwnJson } from '../../../../main/exchange/export/own-json.js';
import { makeSource } from '../../../../main/exchange/export/source.js';
import { nobody, type ImportedChat } from '../../../../main/exchange/import/neutral.js';
import { readChats } from '../../../../main/exchange/import/read-file.js';
import { cardSchema } from '../../../../preload/contract/characters.js';
import { emptyLevel } from '../../../../preload/contract/levels.js';
import { exportedAt, writeExportedChats } from '../../../fixtures/exported-chats.js';

const facts = { name: 'export', modifiedMs: 0, beside: null };

function exported(db: Database): string {
  const source = makeSource(db);
  const ids = source.chatIds({ kind: 'everything' });
  const chats = ids.map((id) => source.chat(id, 'tree'));
  const text = [...writeOwnJson(chats, { app: '0.1.0', exportedAt, ...source.usedBy(ids) })].join('');
  db.exec('COMMIT');
  return text;
}

async function read(text: string): Promise<ImportedChat[]> {
  async function* chunks() {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  }
  const chats: ImportedChat[] = [];
  for await (const event of readChats(facts, chunks(), null)) {
    if (event.kind === 'chat') chats.push(event.chat);
    else expect(event).toEqual({ kind: 'format', format: 'altiplano' });
  }
  return chats;
}

/** All but what a database gives anew: ids, and when it was done. */
function imported(chats: readonly ImportedChat[]): Database {
  const db = openDatabase(':memory:');
  const queries = makeQueries(db);
  const hidden = chats.map((chat) => ({
    chatId: queries.importChat(chat, { hash: '', format: 'altiplano' }),
    folder: chat.folder,
  }));
  queries.showImported(hidden, null);
  return db;
}

/** What an export says, with ids by their order of appearance. */
function sayings(text: string): unknown {
  const names = new Map<string, string>();
  const ids = /"(id|parentId|folderId|leafId|presetId)":"([^"]+)"/g;
  const file = JSON.parse(
    text.replace(ids, (_, key: string, id: string) => {
      if (!names.has(id)) names.set(id, `#${names.size}`);
      return `"${key}":"${names.get(id)}"`;
    }),
  ) as { chats: { messages: { attachments?: { createdAt?: number }[] }[] }[] };
  for (const { messages } of file.chats)
    for (const { attachments } of messages) for (const each of attachments ?? []) delete each.createdAt;
  return file;
}

test('chats with branches, code, math, right-to-left text, emoji, files, presets and folders', async () => {
  const db = openDatabase(':memory:');
  writeExportedChats(db);
  const before = exported(db);
  const chats = await read(before);
  expect(chats.map(({ losses }) => losses)).toEqual([{}, {}]);
  const after = imported(chats);
  expect(sayings(exported(after))).toEqual(sayings(before));
});

test('who talks in a chat comes along, and who is known already stays as they are', async () => {
  const db = openDatabase(':memory:');
  const queries = makeQueries(db);
  const card = { ...cardSchema.parse({ name: 'Quilla', description: 'Weaves.' }), unknown: [1] };
  const character = queries.createCharacter({ card, beside: { spec: 'x' }, picture: null });
  const persona = queries.createPersona({ name: 'Ayar', description: 'Travels.' });
  const { id } = queries.createChat();
  queries.addMessage({ chatId: id, parentId: null, role: 'user', text: 'Hello', model: null });
  db.prepare(
    `UPDATE chats SET character_id = ?, persona_id = ?, mode = 'chat', chat_command = 'Go on.' WHERE id = ?`,
  ).run(character.id, persona.id, id);
  const before = exported(db);
  const after = imported(await read(before));
  expect(sayings(exported(after))).toEqual(sayings(before));
  const cards = after.prepare<[], string>('SELECT card FROM characters').pluck().all();
  expect(cards.map((json) => JSON.parse(json) as unknown)).toEqual([card]);

  queries.setCard(character.id, { ...card, description: 'Weaves no more.' });
  for (const chat of await read(before)) queries.importChat(chat, { hash: '', format: 'altiplano' });
  expect(queries.cardOf(character.id)?.description).toBe('Weaves no more.');
});

const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '```js\nlet x = "`";\n```',
    '$e^{i\\pi}$',
    'שלום **עולם**',
    '🦙👩🏽‍🚀',
    '<script>alert(1)</script>',
    '\u2028\\u0000"',
    '{"chats": [',
    '',
  ),
);
const time = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) });
const messages = fc
  .array(
    fc.record({
      text: words,
      after: fc.nat(),
      isUser: fc.boolean(),
      createdAt: time,
      isEdited: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((drafts) =>
    drafts.map(({ text, after, isUser, createdAt: moment, isEdited }, at) => ({
      parent: at === 0 || after % (at + 1) === at ? null : after % (at + 1),
      ...{
        role: isUser ? ('user' as const) : ('assistant' as const),
        text,
        // No two at once: those of other branches may then change places in the file.
        createdAt: moment - (moment % 64) + at,
        model: isUser ? null : 'Llama',
      },
      ...{
        inclusion: 'auto' as const,
        editedAt: isEdited ? moment : null,
        stats: null,
        error: null,
        attachments: [],
      },
      revisions: isEdited ? [{ text: `${text}?`, editedAt: null }] : [],
    })),
  );
const chat = fc
  .record({ messages, title: words.filter((title) => title.trim() !== ''), leaf: fc.nat(), createdAt: time })
  .map(({ messages: list, title, leaf, createdAt }): ImportedChat => ({
    ...nobody,
    ...{
      title,
      titleBy: 'user',
      createdAt,
      updatedAt: createdAt,
      level: emptyLevel,
      preset: null,
      overflow: 'stop',
    },
    ...{ startReplyWith: '', folder: null, tags: [], pinnedAt: null, archivedAt: null, losses: {} },
    messages: list,
    leaf: leaf % list.length,
  }));

describe('any tree', () => {
  test('comes back equal', async () => {
    await fc.assert(
      fc.asyncProperty(chat, async (original) => {
        const text = exported(imported([original]));
        const [back] = await read(text);
        expect(sayings(exported(imported([back!])))).toEqual(sayings(text));
        expect(back!.messages).toHaveLength(original.messages.length);
        expect(back!.messages[back!.leaf!]!.text).toBe(original.messages[original.leaf!]!.text);
      }),
      { numRuns: 40 },
    );
  }, 30_000);
});
