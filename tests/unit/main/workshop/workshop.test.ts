/** What users do with grammars and templates of their own, on a real database. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database as Sqlite } from 'better-sqlite3';
import type { Database } from '../../../../main/db/client.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { readWorkshopFile, writeWorkshopFile } from '../../../../main/workshop/files.js';
import { shippedItems } from '../../../../main/workshop/shipped.js';
import { Workshop } from '../../../../main/workshop/workshop.js';

let db: Sqlite;
let workshop: Workshop;
let told: number;
beforeEach(() => {
  db = openDatabase(':memory:');
  const queries = makeQueries(db);
  const client = new Proxy({} as Database, {
    get:
      (_target, name) =>
      async (...args: unknown[]) =>
        (queries[name as keyof Queries] as (...input: unknown[]) => unknown)(...args),
  });
  told = 0;
  workshop = new Workshop({ db: client, onChange: () => void told++ });
});
afterEach(() => db.close());

const own = async () => (await workshop.list()).filter(({ isOwn }) => isOwn);

test('one is made, written, renamed and deleted, and comes back as it was; each change is told', async () => {
  const mine = await workshop.create({ form: 'gbnf', name: 'Mine', text: 'root ::= "a"', does: '' });
  await workshop.change(mine.id, { text: 'root ::= "b"' });
  const changed = await workshop.change(mine.id, { name: 'Ours' });
  expect(changed).toMatchObject({ id: mine.id, name: 'Ours', text: 'root ::= "b"', isOwn: true });
  await workshop.remove(mine.id);
  expect(await own()).toEqual([]);
  expect(await workshop.create(changed)).toEqual(changed);
  expect(told).toBe(5);
  await expect(workshop.change('gone', { text: '' })).rejects.toMatchObject({ code: 'not-found' });
});

test('names are one shelf’s: a taken one gets a number, and renaming to it is refused', async () => {
  const first = await workshop.create({ form: 'gbnf', name: 'chess MOVES', text: '', does: '' });
  expect(first.name).toBe('chess MOVES 2');
  const schema = await workshop.create({ form: 'json-schema', name: 'Mine', text: '', does: '' });
  const template = await workshop.create({ form: 'jinja', name: 'Mine', text: '', does: '' });
  expect([schema.name, template.name]).toEqual(['Mine', 'Mine']);
  await expect(workshop.change(first.id, { name: 'mine' })).rejects.toMatchObject({ code: 'bad-input' });
  expect((await workshop.change(first.id, { name: 'Chess moves 2' })).name).toBe('Chess moves 2');
});

test('what comes with the app stays as it is, and a row of an unknown form hides no other', async () => {
  const [shipped] = shippedItems;
  await expect(workshop.change(shipped!.id, { text: '' })).rejects.toMatchObject({ code: 'bad-input' });
  await expect(workshop.remove(shipped!.id)).rejects.toMatchObject({ code: 'bad-input' });
  await workshop.create({ form: 'gbnf', name: 'Mine', text: '', does: '' });
  db.exec(`INSERT INTO workshop VALUES ('x', 'grammar', 'ebnf', 'Odd', '', '', 0, 0)`);
  expect((await own()).map(({ name }) => name)).toEqual(['Mine']);
});

test('a grammar goes out as a file and comes in as it was; what is no text or too large is refused', () => {
  for (const { form, text } of shippedItems.filter(
    (item) => item.form === 'gbnf' || item.form === 'json-schema',
  )) {
    const file = writeWorkshopFile({ form, text });
    const bytes = Buffer.from(file.text);
    const read = readWorkshopFile('grammar', { name: 'x', extension: `.${file.extension}`, bytes });
    expect(read).toEqual({ form, text });
  }
  const refused = (bytes: Buffer) => () =>
    readWorkshopFile('grammar', { name: 'x', extension: '.gbnf', bytes });
  expect(refused(Buffer.alloc(600_000, 'a'))).toThrow('can’t be imported');
  expect(refused(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]))).toThrow('can’t be imported');
});
