/** What is exported in the app's own format comes back equal, into another database, whatever was said. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Database } from 'better-sqlite3';
import { readPicture } from '../../../../main/characters/picture.js';
import { plainPng } from '../../../../main/characters/png.js';
import { makeCharacterQueries } from '../../../../main/db/characters.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries } from '../../../../main/db/queries.js';
import { writeOwnJson } from '../../../../main/exchange/export/own-json.js';
import { makeSource } from '../../../../main/exchange/export/source.js';
import type { ImportedChat } from '../../../../main/exchange/import/neutral.js';
import { mostPictureBytes } from '../../../../main/exchange/own-format.js';
import { cardSchema } from '../../../../preload/contract/characters.js';
import { anyChat, imported, readEvents } from '../../../fixtures/any-chat.js';
import { exportedAt, writeExportedChats } from '../../../fixtures/exported-chats.js';

function exported(db: Database): string {
  const source = makeSource(db);
  const ids = source.chatIds({ kind: 'everything' });
  const chats = ids.map((id) => source.chat(id, 'tree'));
  const text = [...writeOwnJson(chats, { app: '0.1.0', exportedAt, ...source.usedBy(ids) })].join('');
  db.exec('COMMIT');
  return text;
}

async function read(text: string): Promise<ImportedChat[]> {
  return (await readEvents(text)).flatMap((event) => {
    if (event.kind === 'chat') return [event.chat];
    expect(event).toEqual({ kind: 'format', format: 'altiplano' });
    return [];
  });
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

test('pictures of who talks come along; those that find no place, or are none, are told', async () => {
  const db = openDatabase(':memory:');
  const queries = makeQueries(db);
  const small = readPicture(plainPng(2, 2, [9, 9, 9]));
  const large = { hash: 'large', type: 'image/png', bytes: new Uint8Array(mostPictureBytes) };
  for (const picture of [small, large]) queries.addPicture(picture);
  const talking = [small, large].map(({ hash }) => {
    const card = cardSchema.parse({ name: hash });
    const { id: characterId } = queries.createCharacter({ card, beside: {}, picture: hash });
    const { id } = queries.createChat();
    queries.addMessage({ chatId: id, parentId: null, role: 'user', text: hash, model: null });
    db.prepare('UPDATE chats SET character_id = ? WHERE id = ?').run(characterId, id);
    return characterId;
  });
  const persona = queries.createPersona({ name: 'Ayar', description: '' });
  queries.changePersona(persona.id, { picture: small.hash });
  db.prepare('UPDATE chats SET persona_id = ?').run(persona.id);

  const before = exported(db);
  const chats = await read(before);
  expect(chats.map(({ losses }) => losses)).toEqual([{ pictures: 1 }, {}]);
  const after = makeCharacterQueries(imported(chats));
  expect(talking.map((id) => after.find(id).picture)).toEqual([small.hash, null]);
  expect(after.personaOf(persona.id)?.picture).toBe(small.hash);
  expect(Buffer.from(after.findPicture(small.hash)!.bytes).equals(small.bytes)).toBe(true);

  const [, broken] = await read(before.replaceAll(Buffer.from(small.bytes).toString('base64'), 'bm9uZQ=='));
  expect(broken).toMatchObject({ character: { picture: null }, losses: { pictures: 2 } });
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

describe('any tree', () => {
  test('comes back equal', async () => {
    await fc.assert(
      fc.asyncProperty(anyChat, async (original) => {
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
