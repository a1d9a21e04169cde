/** Everything as one file: written on one machine, restored on another one; and files that are none. */
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { ZipFile } from 'yazl';
import { Backups } from '../../../../../main/db/backups.js';
import { doTask } from '../../../../../main/db/maintenance-tasks.js';
import { latestVersion } from '../../../../../main/db/migrate.js';
import { openDatabase } from '../../../../../main/db/open.js';
import { makeQueries } from '../../../../../main/db/queries.js';
import { settingsBeside } from '../../../../../main/db/snapshots.js';
import { BackupFiles } from '../../../../../main/exchange/backup/backup-files.js';
import { partNames, type Manifest } from '../../../../../main/exchange/backup/manifest.js';
import type { BackupRequest } from '../../../../../main/exchange/backup/protocol.js';
import { doBackupTask } from '../../../../../main/exchange/backup/tasks.js';
import { portableSettings, settingsFromElsewhere } from '../../../../../main/settings/portable.js';
import { parseSettings } from '../../../../../main/settings/values.js';
import { AppError } from '../../../../../preload/contract/errors.js';
import { cardSchema } from '../../../../../preload/contract/characters.js';
import type { ModelFile } from '../../../../../preload/contract/local-models.js';
import type { Settings } from '../../../../../preload/contract/settings.js';
import { writeExportedChats } from '../../../../fixtures/exported-chats.js';

const picture = Buffer.from('a picture, whatever is in it');

class Machine {
  readonly home = mkdtempSync(join(tmpdir(), 'machine-'));
  readonly database = join(this.home, 'altiplano.db');
  readonly folder = join(this.home, 'backups');
  settings: Settings = parseSettings({});
  models: ModelFile[] = [];
  progress: number[] = [];
  onProgress: () => void = () => undefined;

  readonly backups = new Backups({
    db: {
      opening: async () => ({ isInterrupted: false, failure: null, warning: null }),
      whileClosed: (work) => work(),
      mendRecords: () => Promise.reject(new Error('not asked for')),
    },
    database: this.database,
    folder: this.folder,
    maintenance: doTask,
    isBusy: () => false,
    stopWriting: async () => undefined,
    tell: () => undefined,
    settings: {
      keep: async (path) => writeFileSync(path, JSON.stringify(portableSettings(this.settings))),
      take: async (path) => {
        const kept = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
        this.settings = { ...this.settings, ...settingsFromElsewhere(kept, (model) => model) };
      },
    },
  });

  readonly files = new BackupFiles({
    thread: (name, task, watch) => doBackupTask({ name, task } as BackupRequest, watch) as never,
    database: this.database,
    app: '0.1.0',
    settings: {
      get: () => this.settings,
      set: (values) => (this.settings = { ...this.settings, ...(values as Settings) }),
    },
    db: { listModelRecords: async () => [] },
    library: { list: async () => this.models },
    catalogue: { list: async () => [] },
    backups: this.backups,
    onProgress: (done, total) => {
      this.progress.push(done / total);
      this.onProgress();
    },
  });

  constructor() {
    openDatabase(this.database).close();
  }

  has(path: string, sizeBytes: number): void {
    const name = path.split('/').at(-1)!;
    this.models.push({
      path,
      name,
      sizeBytes,
      parts: [path],
      origin: 'acme/llama@main',
    } as unknown as ModelFile);
  }

  /** All rows that belong to the user, table by table. */
  rows(): Record<string, unknown[]> {
    const db = new Sqlite(this.database, { readonly: true });
    const tables = db
      .prepare<[], string>(`SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'`)
      .pluck()
      .all()
      .filter((name) => !/^(sqlite_|model_|downloads$|outgoing_)/.test(name));
    const rows = tables.map((name) => [name, db.prepare(`SELECT * FROM "${name}" ORDER BY rowid`).all()]);
    db.close();
    return Object.fromEntries(rows) as Record<string, unknown[]>;
  }

  /** Its files, without what SQLite keeps beside a database. */
  list(): string[] {
    return readdirSync(this.home, { recursive: true, encoding: 'utf8' })
      .filter((name) => !/-(wal|shm)$/.test(name))
      .sort();
  }

  meddle(sql: string): void {
    const db = new Sqlite(this.database);
    db.exec(sql);
    db.close();
  }
}

let here: Machine;
let there: Machine;
let file: string;

beforeEach(() => {
  here = new Machine();
  there = new Machine();
  file = join(here.home, 'all.altiplano-backup');
  const db = openDatabase(here.database);
  writeExportedChats(db);
  const queries = makeQueries(db);
  const hash = createHash('sha256').update(picture).digest('hex');
  queries.addPicture({ hash, type: 'image/png', bytes: picture });
  queries.createCharacter({ card: cardSchema.parse({ name: 'Quilla' }), beside: { x: 1 }, picture: hash });
  queries.createPersona({ name: 'Ayar', description: 'Travels.' });
  db.exec(`
    INSERT INTO notes VALUES ('n', 'A note', 'שלום 🦙', 0, 1, 2, NULL);
    INSERT INTO workshop VALUES ('w', 'grammars', 'gbnf', 'Mine', 'root ::= "x"', '', 1, 2);
    INSERT INTO model_folders VALUES ('/here/models', 1);
    INSERT INTO downloads VALUES ('d', 1, '{}', 'queued', NULL, '[]');`);
  db.close();
  here.has('/here/models/llama.gguf', 100);
  here.has('/here/models/alpaca.gguf', 200);
  here.settings = parseSettings({
    theme: 'dark',
    threads: 3,
    apiKeyHash: 'a hash',
    systemPrompt: 'Be brief.',
    modelPath: '/here/models/llama.gguf',
    templates: { '/here/models/llama.gguf': 'vicuna', '/here/models/alpaca.gguf': 'alpaca' },
    window: { x: 1, y: 2, width: 3, height: 4 },
  });
});
afterEach(() => {
  for (const { home } of [here, there]) rmSync(home, { recursive: true });
});

test('all that the user has is on the other machine; what is of that machine stays', async () => {
  await here.files.save(file);
  expect(here.progress.at(-1)).toBe(1);
  there.has('D:\\models\\llama.gguf', 100);
  there.settings = parseSettings({ threads: 8, apiKeyHash: 'another', apiOn: true });
  there.meddle(`INSERT INTO model_folders VALUES ('D:\\models', 1)`);

  const view = await there.files.look(file);
  expect(view).toMatchObject({ app: '0.1.0', models: 2 });
  expect(view.contents).toEqual({
    chats: 2,
    messages: 10,
    characters: 1,
    presets: 2,
    notes: 1,
    templates: 1,
  });
  expect(view.missing).toMatchObject([{ path: '/here/models/alpaca.gguf', origin: 'acme/llama@main' }]);
  await there.files.restore(file);

  expect(there.rows()).toEqual(here.rows());
  expect(there.settings).toEqual({
    ...here.settings,
    ...{ threads: 8, apiKeyHash: 'another', apiOn: true },
    modelPath: 'D:\\models\\llama.gguf',
    templates: { 'D:\\models\\llama.gguf': 'vicuna', '/here/models/alpaca.gguf': 'alpaca' },
  });
  const db = new Sqlite(there.database, { readonly: true });
  expect(db.prepare('SELECT path FROM model_folders').pluck().all()).toEqual(['D:\\models']);
  expect(db.prepare('SELECT * FROM downloads').all()).toEqual([]);
  db.close();
  // Nothing is left that was only needed on the way.
  const kept = join('backups', (await there.backups.list()).backups[0]!.id);
  expect([...there.list(), ...here.list()]).toEqual([
    ...['altiplano.db', 'backups', kept, settingsBeside(kept)],
    ...['all.altiplano-backup', 'altiplano.db', 'backups'],
  ]);
});

test('neither keys nor what is of the machine go out', async () => {
  await here.files.save(file);
  const { settings, ...others } = await unzipped(file);
  const text = settings!.toString();
  expect(text).not.toMatch(/apiKeyHash|a hash|threads|window/);
  expect(text).toContain('Be brief.');
  expect(Object.keys(others).sort()).toEqual(['database', 'manifest', 'models']);
});

test('a restore is undone by the backup that was made before it, settings too', async () => {
  await here.files.save(file);
  there.meddle(`INSERT INTO notes VALUES ('t', 'There', 'Only there', 0, 1, 2, NULL)`);
  there.settings = parseSettings({ theme: 'light', systemPrompt: 'As it was.' });
  const before = there.rows();
  await there.files.restore(file);
  const [kept] = (await there.backups.list()).backups;
  expect(kept).toMatchObject({ reason: 'restore', chats: 0 });
  there.settings = { ...there.settings, systemPrompt: 'Changed since.', offline: true };
  await there.backups.restore(kept!.id, false);
  expect(there.rows()).toEqual(before);
  expect(there.settings).toMatchObject({ theme: 'light', systemPrompt: 'As it was.', offline: true });
});

test('a backup of an older version is brought up to date', async () => {
  await here.files.save(file);
  const parts = await unzipped(file);
  await rewrite(parts, { app: '0.0.1' });
  await expect(there.files.look(file)).resolves.toMatchObject({ app: '0.0.1' });
  await there.files.restore(file);
  expect(there.rows()).toEqual(here.rows());
});

test('saving and restoring can be cancelled; nothing is left of it', async () => {
  here.onProgress = () => here.files.cancel();
  await expect(here.files.save(file)).rejects.toMatchObject({ code: 'cancelled' });
  expect(here.list()).toEqual(['altiplano.db', 'backups']);
  here.onProgress = () => undefined;
  await here.files.save(file);
  const before = there.rows();
  there.onProgress = () => there.files.cancel();
  await expect(there.files.restore(file)).rejects.toMatchObject({ code: 'cancelled' });
  expect(there.rows()).toEqual(before);
  expect(there.list()).toEqual(['altiplano.db', 'backups']);
});

// Linux has a file on which there is never room.
if (process.platform === 'linux') {
  test('a file for which there is no room is told, and nothing is left of it', async () => {
    const path = join(here.home, 'all.altiplano-backup');
    symlinkSync('/dev/full', `${path}.part`);
    const full = here.files.save(path).catch((thrown: unknown) => AppError.from(thrown));
    expect(await full).toMatchObject({ code: 'disk-full', hint: expect.stringContaining('Free some space') });
    expect(here.list()).toEqual(['altiplano.db', 'backups']);
    expect(readdirSync(here.folder)).toEqual([]);
  });
}

test('what a kill left on the way is removed at the next start', async () => {
  mkdirSync(there.folder);
  for (const name of ['whole-backup.part', 'restored.part', 'mine.db'])
    writeFileSync(join(there.folder, name), '');
  await there.files.tidy();
  expect(readdirSync(there.folder)).toEqual(['mine.db']);
});

type Parts = Record<keyof typeof partNames, Buffer>;

async function unzipped(path: string): Promise<Parts> {
  const zip = await fromBufferPromise(readFileSync(path), {});
  const parts: Partial<Parts> = {};
  for await (const entry of zip.eachEntry()) {
    const [kind] = Object.entries(partNames).find(([, name]) => name === entry.fileName)!;
    parts[kind as keyof Parts] = await buffer(await zip.openReadStreamPromise(entry));
  }
  return parts as Parts;
}

async function zipTo(path: string, entries: Readonly<Record<string, Buffer>>): Promise<void> {
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(entries)) zip.addBuffer(bytes, name);
  zip.end();
  writeFileSync(path, await buffer(zip.outputStream as Readable));
}

/** Another file of these parts, its manifest changed; sizes and hashes are right unless they are given. */
async function rewrite(parts: Parts, change: Partial<Manifest>): Promise<void> {
  const manifest = {
    ...(JSON.parse(parts.manifest.toString()) as Manifest),
    parts: (['database', 'settings', 'models'] as const).map((kind) => ({
      name: partNames[kind],
      sizeBytes: parts[kind].length,
      sha256: createHash('sha256').update(parts[kind]).digest('hex'),
    })),
    ...change,
  };
  await zipTo(file, named({ ...parts, manifest: Buffer.from(JSON.stringify(manifest)) }));
}

const named = (parts: Partial<Parts>) =>
  Object.fromEntries(Object.entries(parts).map(([kind, bytes]) => [partNames[kind as keyof Parts], bytes]));

describe('a file that can’t be restored is refused, and nothing is changed', () => {
  /** By what is done to a good one, and what is said. */
  const cases: [string, (parts: Parts) => Promise<void>, RegExp][] = [
    ['no zip', async () => writeFileSync(file, 'Dear diary'), /damaged or not complete/],
    ['nothing in it', async () => writeFileSync(file, ''), /damaged or not complete/],
    ['half of it', async () => writeFileSync(file, readFileSync(file).subarray(0, 3000)), /not complete/],
    ['a zip of something else', () => zipTo(file, { 'a.txt': Buffer.from('a') }), /does not belong/],
    ['no manifest', ({ manifest: _, ...parts }) => zipTo(file, named(parts)), /without a manifest/],
    ['no settings', ({ settings: _, ...parts }) => zipTo(file, named(parts)), /part of it is missing/],
    [
      'a manifest that is none',
      (parts) => zipTo(file, named({ ...parts, manifest: Buffer.from('{"a":') })),
      /something else/,
    ],
    ['a damaged manifest', (parts) => rewrite(parts, { parts: [] }), /manifest is damaged/],
    [
      'a name that leads out of the folder',
      async (parts) => {
        const path = join(here.home, 'named.zip');
        await zipTo(path, { ...named(parts), 'xx/evil': Buffer.from('x') });
        writeFileSync(
          file,
          Buffer.from(readFileSync(path, 'latin1').replaceAll('xx/evil', '../evil'), 'latin1'),
        );
      },
      /lead out of its folder/,
    ],
    [
      'a later format',
      (parts) => rewrite(parts, { version: 2, app: '9.0.0' }),
      /newer version of Altiplano \(9\.0\.0\)/,
    ],
    ['a later database', (parts) => rewrite(parts, { databaseVersion: latestVersion + 1 }), /newer version/],
    [
      'another settings.json than was written',
      async (parts) => {
        const { parts: right } = JSON.parse(parts.manifest.toString()) as Manifest;
        const text = parts.settings.toString().replace('dark', 'tint');
        await rewrite({ ...parts, settings: Buffer.from(text) }, { parts: right });
      },
      /settings\.json is not as it was written/,
    ],
    [
      'one byte of the database',
      async (parts) => {
        const { parts: right } = JSON.parse(parts.manifest.toString()) as Manifest;
        const database = Buffer.from(parts.database);
        database[database.length - 100]! ^= 1;
        await rewrite({ ...parts, database }, { parts: right });
      },
      /altiplano\.db is not as it was written/,
    ],
    [
      'zeros that swell',
      (parts) => rewrite({ ...parts, database: Buffer.alloc(50_000_000) }, {}),
      /altiplano\.db is no database/,
    ],
    [
      'settings that swell',
      (parts) => rewrite({ ...parts, settings: Buffer.alloc(40_000_000, ' ') }, {}),
      /absurd size/,
    ],
    [
      'another size than the manifest says',
      async (parts) => {
        const { parts: right } = JSON.parse(parts.manifest.toString()) as Manifest;
        await rewrite({ ...parts, models: Buffer.from('[]') }, { parts: right });
      },
      /not as large as it was/,
    ],
    [
      'a database whose pages are damaged',
      (parts) => {
        const database = Buffer.from(parts.database);
        database.fill(7, 4096 * 3, 4096 * 6);
        return rewrite({ ...parts, database }, {});
      },
      /damaged|malformed/,
    ],
  ];

  test.each(cases)('%s', async (_, spoil, said) => {
    await here.files.save(file);
    await spoil(await unzipped(file));
    mkdirSync(there.folder, { recursive: true });
    there.settings = parseSettings({ theme: 'light' });
    const [rows, settings] = [there.rows(), there.settings];
    await expect(there.files.restore(file)).rejects.toThrow(said);
    expect(there.rows()).toEqual(rows);
    expect(there.settings).toEqual(settings);
    const left = there.list().filter((name) => !name.includes(' restore '));
    expect(left).toEqual(['altiplano.db', 'backups']);
  });

  test('a file that is gone', () =>
    expect(there.files.look(join(here.home, 'none'))).rejects.toMatchObject({ code: 'not-found' }));
});
