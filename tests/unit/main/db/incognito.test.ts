/** Which database an operation goes to, with two real ones. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Database } from '../../../../main/db/client.js';
import { prefixIds } from '../../../../main/db/id.js';
import { Histories, noSteps } from '../../../../main/db/histories.js';
import { Incognito } from '../../../../main/db/incognito.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { incognitoPrefix, isIncognito } from '../../../../preload/contract/incognito.js';
import type { UndoState } from '../../../../preload/contract/undo.js';

/** A database as its thread offers it, with ids of its own form. */
function database(prefix: string, onUndoChanged: (state: UndoState) => void): Database {
  const sqlite = openDatabase(':memory:');
  const queries = makeQueries(sqlite, onUndoChanged);
  return new Proxy({} as Database, {
    get:
      (_target, name) =>
      async (...args: unknown[]) => {
        if (name === 'close') return sqlite.close();
        prefixIds(prefix);
        try {
          return (queries[name as keyof Queries] as (...input: unknown[]) => unknown)(...args);
        } finally {
          prefixIds('');
        }
      },
  });
}

let kept: Database;
let incognito: Incognito;
let db: Database;
/** What can be undone and made again next, of both. */
let next: UndoState;
beforeEach(() => {
  next = noSteps;
  const histories = new Histories((state) => (next = state));
  kept = database('', (state) => histories.changed('kept', state));
  incognito = new Incognito((onUndoChanged) => database(incognitoPrefix, onUndoChanged), histories);
  db = incognito.join(kept);
});

const say = (chatId: string, text: string) =>
  db.addMessage({ chatId, parentId: null, role: 'user', text, model: null });

test('what is said in the incognito chat is in no other database, and is found by all that ask for it', async () => {
  const chat = await incognito.open();
  const message = await say(chat.id, 'a secret');
  expect([chat, message].every(({ id }) => isIncognito(id))).toBe(true);
  expect((await db.openThread(chat.id)).messages.map(({ text }) => text)).toEqual(['a secret']);
  await db.saveReply({ messageId: message.id, text: 'another', stats: null, error: null });
  expect((await db.findMessage(message.id)).text).toBe('another');
  expect((await db.findChats([chat.id])).map(({ title }) => title)).toEqual(['Incognito chat']);
  await db.saveDraft(chat.id, 'half a secret');
  expect(await kept.listChats()).toEqual([]);
  expect(await kept.listDrafts()).toEqual([]);
});

test('it has one chat, which is never named by its words', async () => {
  const [one, other] = await Promise.all([incognito.open(), incognito.open()]);
  expect(one.id).toBe(other.id);
  await say(one.id, 'a secret');
  expect((await incognito.open()).title).toBe('Incognito chat');
  expect(await db.hasFirstWordsAsTitle(one.id)).toBe(false);
});

test('a text of the form of its ids does not lead there', async () => {
  await incognito.open();
  const { id } = await db.createChat();
  await say(id, `${incognitoPrefix}text`);
  expect((await kept.openThread(id)).messages).toHaveLength(1);
});

test('closed, it is gone, and a new one knows nothing of it', async () => {
  const chat = await incognito.open();
  await say(chat.id, 'a secret');
  await incognito.close();
  await expect(async () => db.openThread(chat.id)).rejects.toMatchObject({ code: 'not-found' });
  expect(await incognito.list()).toEqual([]);
  const next = await incognito.open();
  expect((await db.openThread(next.id)).messages).toEqual([]);
});

describe('undo', () => {
  const latest = { stepId: null, busyChatIds: [] };
  const text = async (chatId: string) => (await db.openThread(chatId)).messages[0]?.text;

  // Steps of one moment have no order between the databases; a user has more time.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());
  const edit = async (messageId: string, to: string) => {
    vi.advanceTimersByTime(1);
    await db.editMessage(messageId, to);
  };
  const move = async (way: 'undo' | 'redo') => {
    vi.advanceTimersByTime(1);
    await db[way](latest);
  };

  test('takes back what was done last, in whichever chat, and makes it again the other way round', async () => {
    const secret = await incognito.open();
    expect(next).toEqual(noSteps);
    const open = await db.createChat();
    const hidden = await say(secret.id, 'a secret');
    const told = await say(open.id, 'told');
    await edit(told.id, 'told again');
    await edit(hidden.id, 'a better secret');
    await move('undo');
    expect([await text(secret.id), await text(open.id)]).toEqual(['a secret', 'told again']);
    await move('undo');
    expect(await text(open.id)).toBe('told');
    await move('redo');
    await move('redo');
    expect([await text(secret.id), await text(open.id)]).toEqual(['a better secret', 'told again']);
    expect(next.redo).toBeNull();
  });

  test('knows nothing of a chat that is closed', async () => {
    const secret = await incognito.open();
    await edit((await say(secret.id, 'a secret')).id, 'another');
    expect(next.undo?.label).toBe('Edit message');
    await incognito.close();
    expect(next).toEqual(noSteps);
    await expect(db.undo(latest)).rejects.toMatchObject({ code: 'cannot-undo' });
  });
});
