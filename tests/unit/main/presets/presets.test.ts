/** What users do with presets, on a real database. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database as Sqlite } from 'better-sqlite3';
import type { Database } from '../../../../main/db/client.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { Presets } from '../../../../main/presets/presets.js';
import type { Preset } from '../../../../preload/contract/presets.js';

let db: Sqlite;
let presets: Presets;
let told: (readonly Preset[])[];
beforeEach(() => {
  db = openDatabase(':memory:');
  const queries = makeQueries(db);
  const client = new Proxy({} as Database, {
    get:
      (_target, name) =>
      async (...args: unknown[]) =>
        (queries[name as keyof Queries] as (...input: unknown[]) => unknown)(...args),
  });
  told = [];
  presets = new Presets({ db: client, onChange: (list) => void told.push(list) });
});
afterEach(() => db.close());

const own = async () => (await presets.list()).filter(({ group }) => group === null);

test('one is made, renamed, changed, copied and deleted; each change is told', async () => {
  const mine = await presets.create('Mine', { temperature: 0.5 });
  await presets.rename(mine.id, 'Ours');
  await presets.setValues(mine.id, { temperature: 0.6, penalty_alpha: 0.1 });
  const copy = await presets.duplicate(mine.id);
  expect(copy).toMatchObject({ name: 'Ours 2', values: { temperature: 0.6, penalty_alpha: 0.1 } });
  expect((await own()).map(({ name }) => name)).toEqual(['Ours', 'Ours 2']);
  const before = await presets.find(mine.id);
  await presets.remove(mine.id);
  expect((await own()).map(({ id }) => id)).toEqual([copy.id]);
  expect(await presets.restore(before)).toEqual(before);
  expect(told).toHaveLength(6);
  expect(told.at(-1)).toEqual(await presets.list());
});

test('a name is taken whatever its capitals, by shipped ones too; one may keep its own', async () => {
  const mine = await presets.create('Mine', {});
  for (const name of ['mine', 'YARA'])
    await expect(presets.create(name, {})).rejects.toMatchObject({ code: 'bad-input' });
  await expect(presets.rename(mine.id, 'yara')).rejects.toThrow('There is a preset named “Yara” already.');
  expect(await presets.rename(mine.id, 'MINE')).toMatchObject({ name: 'MINE' });
  await expect(presets.rename('nobody', 'New')).rejects.toMatchObject({ code: 'not-found' });
});

test('a shipped one can’t be changed; its copy can', async () => {
  const yara = (await presets.list()).find(({ name }) => name === 'Yara')!;
  await expect(presets.setValues(yara.id, {})).rejects.toMatchObject({
    hint: 'Duplicate it, and change the copy.',
  });
  await expect(presets.rename(yara.id, 'Mine')).rejects.toMatchObject({ code: 'bad-input' });
  await expect(presets.remove(yara.id)).rejects.toMatchObject({ code: 'bad-input' });
  const copy = await presets.duplicate(yara.id);
  expect(copy).toMatchObject({ name: 'Yara 2', group: null, values: yara.values });
  await presets.setValues(copy.id, { temperature: 1.1 });
  expect((await presets.find(yara.id)).values).toEqual(yara.values);
});

test('an import never writes over what is there, and a file that is refused changes nothing', async () => {
  const { preset } = await presets.importFile('Yara', 'temperature: 0.3\npenalty_alpha: 0.6\n');
  expect(preset).toMatchObject({ name: 'Yara 2', values: { temperature: 0.3, penalty_alpha: 0.6 } });
  await expect(presets.importFile('Bad', '- 1')).rejects.toMatchObject({ code: 'bad-input' });
  expect((await own()).map(({ name }) => name)).toEqual(['Yara 2']);
});

test('one damaged record hides no other', async () => {
  const [broken, good] = [await presets.create('A', { top_k: 1 }), await presets.create('B', { top_k: 2 })];
  db.prepare('UPDATE presets SET "values" = ? WHERE id = ?').run('{ broken', broken.id);
  expect(await own()).toMatchObject([{ values: {} }, { id: good.id, values: { top_k: 2 } }]);
});
