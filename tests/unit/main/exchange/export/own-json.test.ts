import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { openDatabase } from '../../../../../main/db/open.js';
import { writeOwnJson } from '../../../../../main/exchange/export/own-json.js';
import { makeSource } from '../../../../../main/exchange/export/source.js';
import {
  ownChatHeadSchema,
  ownFileSchema,
  ownHeadSchema,
  ownMessageSchema,
  type OwnFile,
} from '../../../../../main/exchange/own-format.js';
import type { ExportScope } from '../../../../../preload/contract/exchange.js';
import { chatSchema, pathMessageSchema } from '../../../../../preload/contract/chats.js';
import { exportedAt, plain, rich, stats, writeExportedChats } from '../../../../fixtures/exported-chats.js';

type Part = 'tree' | 'path' | { messageId: string };

function filled() {
  const db = openDatabase(':memory:');
  writeExportedChats(db);
  return db;
}

function written(scope: ExportScope, part: Part, db = filled()): string {
  const source = makeSource(db);
  const ids = source.chatIds(scope);
  const chats = ids.map((id) => source.chat(id, part));
  return [...writeOwnJson(chats, { app: '0.1.0', exportedAt, ...source.usedBy(ids) })].join('');
}

const read = (text: string): OwnFile => ownFileSchema.parse(JSON.parse(text));
const keys = (schema: z.ZodObject) => Object.keys(schema.shape);

describe('the own format', () => {
  it('has all that a chat and its messages have', () => {
    expect(keys(ownChatHeadSchema)).toEqual(expect.arrayContaining(keys(chatSchema)));
    const derived = ['chatId', 'versionIds'];
    expect([...keys(ownMessageSchema), ...derived]).toEqual(expect.arrayContaining(keys(pathMessageSchema)));
  });

  it('has every column of chats and messages', () => {
    const db = filled();
    const columns = (table: string) =>
      db.prepare<[string], string>('SELECT name FROM pragma_table_info(?)').pluck().all(table);
    const fields = (schema: z.ZodObject) =>
      keys(schema).map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
    // What lies in the trash is not exported; a message stands in its chat.
    expect(columns('chats').filter((name) => !fields(ownChatHeadSchema).includes(name))).toEqual([
      'deleted_at',
    ]);
    expect(columns('messages').filter((name) => !fields(ownMessageSchema).includes(name))).toEqual([
      'chat_id',
      'deleted_at',
    ]);
  });

  it('holds a whole tree with versions, earlier texts, measurements, attachments and options', () => {
    const file = read(written({ kind: 'chats', chatIds: [rich] }, 'tree'));
    expect(file).toMatchObject({ format: 'altiplano-chats', version: 1, app: '0.1.0', exportedAt });
    const [chat] = file.chats;
    expect(chat).toMatchObject({
      title: 'All: of "it"? <b>*🦙*</b>',
      titleBy: 'user',
      overflow: 'keep-pinned',
      startReplyWith: 'Sure',
      level: { presetId: 'preset-mine', systemPrompt: 'Be brief.', sampling: { temperature: 0.7 } },
      folderId: 'folder-work',
      tags: ['maths', 'עברית'],
      leafId: 'a2',
    });
    expect(chat!.messages.map(({ id, parentId }) => [id, parentId])).toEqual([
      ['u1', null],
      ['a1', 'u1'],
      ['a1-other', 'u1'],
      ['u2', 'a1'],
      ['a2', 'u2'],
      ['u2-other', 'a1'],
      ['a3', 'u2-other'],
      ['a3-other', 'u2-other'],
    ]);
    const message = (id: string) => chat!.messages.find((each) => each.id === id)!;
    expect(message('u1').revisions).toEqual([{ text: 'Show me cod', editedAt: null }]);
    expect(message('u1').inclusion).toBe('pinned');
    expect(message('a1').stats).toEqual(stats);
    expect(message('a3-other').error).toBe('The engine died.');
    expect(message('u2').attachments).toMatchObject([
      { name: 'notes.md', part: { kind: 'start', characters: 5 }, text: '# Notes: ✓' },
    ]);
  });

  it('names only the folders and presets that its chats use', () => {
    const file = read(written({ kind: 'chats', chatIds: [rich] }, 'tree'));
    expect(file.folders).toEqual([{ id: 'folder-work', name: 'Work / übung' }]);
    expect(file.presets).toMatchObject([{ id: 'preset-mine', name: 'Mine', values: { temperature: 0.5 } }]);
    expect(read(written({ kind: 'chats', chatIds: [plain] }, 'tree'))).toMatchObject({
      folders: [],
      presets: [],
    });
  });

  it('holds the path that is shown, or one message', () => {
    const ids = (part: Part) =>
      read(written({ kind: 'chats', chatIds: [rich] }, part)).chats[0]!.messages.map(({ id }) => id);
    expect(ids('path')).toEqual(['u1', 'a1', 'u2', 'a2']);
    expect(ids({ messageId: 'a3' })).toEqual(['a3']);
  });

  it('holds a folder, or everything but what was deleted', () => {
    const titles = (scope: ExportScope, db = filled()) =>
      read(written(scope, 'tree', db)).chats.map(({ id }) => id);
    expect(titles({ kind: 'folder', folderId: 'folder-work' })).toEqual([rich]);
    expect(titles({ kind: 'everything' })).toEqual([plain, rich]);
    const db = filled();
    db.exec(`UPDATE chats SET deleted_at = 1 WHERE id = '${plain}'`);
    expect(titles({ kind: 'everything' }, db)).toEqual([rich]);
  });

  it('writes the head first, and each message on a line of its own', () => {
    const lines = written({ kind: 'everything' }, 'tree').trimEnd().split('\n');
    expect(ownHeadSchema.parse(JSON.parse(lines[0]!.replace(/,$/, '}')))).toMatchObject({ exportedAt });
    expect(lines.filter((line) => line.startsWith('{"id":"u') || line.startsWith('{"id":"a'))).toHaveLength(
      10,
    );
  });

  it('reads past damaged records, and has the rest', () => {
    const db = filled();
    db.exec(
      `UPDATE attachments SET details = '{', part = 'x'; UPDATE messages SET stats = '{'; UPDATE chats SET level = '{'`,
    );
    const [chat] = read(written({ kind: 'chats', chatIds: [rich] }, 'tree', db)).chats;
    expect(chat!.messages).toHaveLength(8);
    expect(chat!.messages.find(({ id }) => id === 'u2')!.attachments[0]).toMatchObject({
      part: { kind: 'all' },
    });
  });

  it('has what there was when the reading began', () => {
    const folder = mkdtempSync(join(tmpdir(), 'altiplano-export-'));
    const writing = openDatabase(join(folder, 'altiplano.db'));
    writeExportedChats(writing);
    const reading = new Sqlite(join(folder, 'altiplano.db'), { readonly: true });
    const source = makeSource(reading);
    expect(source.chatIds({ kind: 'everything' })).toHaveLength(2);
    writing.exec(`UPDATE messages SET text = 'later'; UPDATE chats SET deleted_at = 1`);
    expect(source.chat(plain, 'path').message('u-plain').text).toBe('Hello');
    reading.close();
    writing.close();
    rmSync(folder, { recursive: true });
  });
});
