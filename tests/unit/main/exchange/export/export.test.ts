import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../../../main/db/open.js';
import { exportChats, previewChats, type ExportWatch } from '../../../../../main/exchange/export/export.js';
import { inPieces } from '../../../../../main/exchange/export/part-file.js';
import { ExportPlan } from '../../../../../main/exchange/export/plan.js';
import type { ReadTask, TaskTarget } from '../../../../../main/exchange/export/protocol.js';
import { makeSource } from '../../../../../main/exchange/export/source.js';
import { AppError } from '../../../../../preload/contract/errors.js';
import { exportFormatIds } from '../../../../../preload/contract/export-formats.js';
import type { ExportRequest } from '../../../../../preload/contract/exchange.js';
import { exportedAt, plain, rich, writeExportedChats } from '../../../../fixtures/exported-chats.js';
import { writeChats } from '../../../../fixtures/chat-database.js';
import { unzipped } from '../../../../fixtures/unzipped.js';

let folder: string;
let database: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'altiplano-export-'));
  database = join(folder, 'altiplano.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

function fill(change = ''): void {
  const db = openDatabase(database);
  writeExportedChats(db);
  db.exec(change);
  db.close();
}

const everything: ExportRequest = {
  scope: { kind: 'everything' },
  format: 'markdown',
  branches: false,
  metadata: false,
};
const read = (request: Partial<ExportRequest>): ReadTask => ({
  ...everything,
  ...request,
  database,
  app: '0.1.0',
  exportedAt,
});
const watch = (more: Partial<ExportWatch> = {}): ExportWatch => ({
  onProgress: () => undefined,
  print: () => Promise.reject(new Error('nothing to print')),
  signal: new AbortController().signal,
  ...more,
});
const run = (request: Partial<ExportRequest>, target: TaskTarget, watching = watch()) =>
  exportChats({ ...read(request), target, scratch: folder }, watching);
const leftOver = () => readdirSync(folder).filter((name) => name.endsWith('.part'));

describe('a file', () => {
  it('has its name when it is whole, and takes the place of an older one', async () => {
    fill();
    const path = join(folder, 'chat.md');
    writeFileSync(path, 'older');
    const exported = await run({ scope: { kind: 'chats', chatIds: [plain] } }, { kind: 'file', path });
    expect(exported).toEqual({ chats: 1, messages: 2, text: null });
    expect(readFileSync(path, 'utf8')).toBe(
      '# Plain\n\n## You\n\nHello\n\n## Assistant\n\nHello! How can I help?\n',
    );
    expect(leftOver()).toEqual([]);
  });

  it('that is cancelled leaves nothing, and what was there before as it was', async () => {
    writeChats(database, 1, 3000, 'many words '.repeat(50));
    const path = join(folder, 'all.md');
    writeFileSync(path, 'older');
    const cancelling = new AbortController();
    const onProgress = (done: number) => done > 500 && cancelling.abort();
    const cancelled = run({}, { kind: 'file', path }, watch({ onProgress, signal: cancelling.signal }));
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(readFileSync(path, 'utf8')).toBe('older');
    expect(leftOver()).toEqual([]);
  });

  it('that can’t be written is told, and leaves nothing', async () => {
    fill();
    const path = join(folder, 'no such folder', 'all.json');
    await expect(run({ format: 'altiplano' }, { kind: 'file', path })).rejects.toThrow(/ENOENT/);
  });

  // Linux has a file on which there is never room.
  if (process.platform === 'linux') {
    it.each(['file', 'zip'] as const)(
      'for which there is no room is told, and leaves nothing: %s',
      async (kind) => {
        fill();
        const path = join(folder, 'all.json');
        writeFileSync(path, 'older');
        symlinkSync('/dev/full', `${path}.part`);
        const full = run({ format: 'altiplano' }, { kind, path });
        await expect(full.catch((thrown: unknown) => AppError.from(thrown))).resolves.toMatchObject({
          code: 'disk-full',
          hint: 'Free some space and try again. Everything saved before is still there.',
        });
        expect(readFileSync(path, 'utf8')).toBe('older');
        expect(leftOver()).toEqual([]);
      },
    );
  }

  it('holds many chats only where the format can', async () => {
    fill();
    const path = join(folder, 'all');
    await expect(run({}, { kind: 'file', path })).rejects.toMatchObject({
      code: 'bad-input',
      hint: 'Save them as a zip.',
    });
    await run({ format: 'altiplano' }, { kind: 'file', path });
    expect((JSON.parse(readFileSync(path, 'utf8')) as { chats: unknown[] }).chats).toHaveLength(2);
  });
});

describe('a zip', () => {
  it('has each chat as a file, in the folders of the app, by names that no two share', async () => {
    fill(`UPDATE chats SET title = 'CON' WHERE id = '${rich}'`);
    const db = openDatabase(database);
    for (const id of ['x1', 'x2']) {
      db.exec(`INSERT INTO chats (id, title, created_at, updated_at) VALUES ('${id}', 'a/b: ${id === 'x1' ? 'C' : 'c'}?', 0, 0);
        INSERT INTO messages (id, chat_id, role, text, created_at) VALUES ('m${id}', '${id}', 'user', '${id}', 0);
        UPDATE chats SET leaf_id = 'm${id}' WHERE id = '${id}'`);
    }
    db.close();
    const path = join(folder, 'all.zip');
    await run({}, { kind: 'zip', path });
    const entries = await unzipped(path);
    expect(Object.keys(entries).sort()).toEqual(
      ['Plain.md', 'Work übung/_CON.md', 'a b C (2).md', 'a b c.md'].sort(),
    );
    expect(entries['Plain.md']).toContain('How can I help?');
  });

  it('that fails in the middle leaves nothing', async () => {
    fill();
    const path = join(folder, 'all.zip');
    const print = () => Promise.reject(new Error('no ink'));
    await expect(run({ format: 'pdf' }, { kind: 'zip', path }, watch({ print }))).rejects.toThrow('no ink');
    expect(existsSync(path)).toBe(false);
    expect(leftOver()).toEqual([]);
  });
});

describe('every format', () => {
  it.each(exportFormatIds.filter((id) => id !== 'pdf'))(
    '%s is written of everything, with a look at it before',
    async (format) => {
      fill();
      const preview = await previewChats(read({ format, branches: true }));
      expect(preview).toMatchObject({ chats: 2, messages: 10 });
      const path = join(folder, 'all.zip');
      await run({ format, branches: true }, { kind: 'zip', path });
      expect(Object.keys(await unzipped(path))).toHaveLength(preview.files);
      const { text } = await run({ format }, { kind: 'text' });
      expect(text).toContain('How can I help?');
    },
  );

  it('says when there is nothing, or when a message has no place in it', async () => {
    openDatabase(database).close();
    await expect(previewChats(read({}))).rejects.toMatchObject({ code: 'not-found' });
    fill();
    const scope = { kind: 'message', chatId: rich, messageId: 'a1' } as const;
    await expect(previewChats(read({ scope, format: 'alpaca' }))).rejects.toMatchObject({
      code: 'bad-input',
    });
    expect((await previewChats(read({ scope }))).messages).toBe(1);
  });

  it('of an incognito chat reads the bytes of its database', async () => {
    const db = openDatabase(':memory:');
    writeExportedChats(db);
    const task = {
      ...read({ scope: { kind: 'chats', chatIds: [plain] } }),
      database: new Uint8Array(db.serialize()),
    };
    expect((await previewChats(task)).text).toContain('How can I help?');
  });
});

describe('memory', () => {
  it.each(exportFormatIds)('%s: a text is made of a few messages, however long the chat is', (format) => {
    writeChats(database, 1, 2000, 'x'.repeat(1000));
    const db = openDatabase(database);
    const plan = new ExportPlan(makeSource(db), { ...everything, format }, { app: '', exportedAt });
    let longest = 0;
    let total = 0;
    for (const text of plan.all()) {
      // A page begins with its style, and fonts where they are needed.
      if (!text.startsWith('<!doctype')) longest = Math.max(longest, text.length);
      total += text.length;
    }
    expect(total).toBeGreaterThan(2_000_000);
    expect(longest).toBeLessThan(5_000);
    db.close();
  });

  it('bytes are handed on as soon as there are enough, and no text is taken before', () => {
    let taken = 0;
    const texts = function* () {
      for (; taken < 1000; taken++) yield 'x'.repeat(1000);
    };
    const pieces = inPieces(texts());
    expect(pieces.next().value!.length).toBe(66_000);
    expect(taken).toBeLessThanOrEqual(66);
  });
});
