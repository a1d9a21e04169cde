/** Owns reading a backup that is one file, which nobody need trust: proves each part, and writes the database alone to the disk. */
import { t } from '../../../preload/contract/language.js';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { z } from 'zod';
import { backupModelSchema } from '../../../preload/contract/backup-files.js';
import { AppError } from '../../../preload/contract/errors.js';
import { latestVersion } from '../../db/migrate.js';
import { reserveBytes } from '../../db/snapshots.js';
import { namesLeadOut } from '../import/files.js';
import {
  backupFormat,
  backupVersion,
  manifestSchema,
  partNames,
  type Manifest,
  type Part,
} from './manifest.js';
import type { BackupTasks, Found, Unpacked, Watch } from './protocol.js';

/** What is read into memory is no larger. */
const mostJsonBytes = 32 * 2 ** 20;

const settingsSchema = z.record(z.string(), z.unknown());
const modelsSchema = z.array(backupModelSchema).max(100_000);

/** What is in the file, by its manifest; the database is not read. @throws AppError with why it is no backup */
export function lookInto({ path }: BackupTasks['look']['task']): Promise<Found> {
  return opened(path, async (zip, entries) => {
    const manifest = await manifestOf(zip, entries);
    return { manifest, models: await jsonOf(zip, entries, manifest, partNames.models, modelsSchema) };
  });
}

/** @throws AppError with what is wrong with the file, or `disk-full`; nothing is left at the place of the database then */
export function unpack({ path, database }: BackupTasks['unpack']['task'], watch: Watch): Promise<Unpacked> {
  return opened(path, async (zip, entries) => {
    const manifest = await manifestOf(zip, entries);
    const models = await jsonOf(zip, entries, manifest, partNames.models, modelsSchema);
    const settings = await jsonOf(zip, entries, manifest, partNames.settings, settingsSchema);
    const part = partOf(manifest, partNames.database);
    await requireRoom(dirname(database), part.sizeBytes);
    try {
      const packed = await zip.openReadStreamPromise(entries.get(part.name)!);
      const target = createWriteStream(database);
      await pipeline(packed, (chunks: Readable) => proven(chunks, part, watch), target, {
        signal: watch.signal,
      });
    } catch (thrown) {
      await rm(database, { force: true });
      throw thrown;
    }
    return { manifest, models, settings };
  });
}

type Entries = ReadonlyMap<string, Entry>;

async function opened<T>(path: string, work: (zip: ZipFile, entries: Entries) => Promise<T>): Promise<T> {
  const info = await stat(path).catch(() => null);
  if (info === null || !info.isFile())
    throw refused(t('it is not there any more, or is no file'), 'not-found');
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(path, { autoClose: false });
    return await work(zip, await entriesOf(zip));
  } catch (thrown) {
    throw inWords(thrown);
  } finally {
    zip?.close();
  }
}

/** Exactly the parts that belong into a backup: there is nothing else whose name or size could do harm. */
async function entriesOf(zip: ZipFile): Promise<Entries> {
  const names: ReadonlySet<string> = new Set(Object.values(partNames));
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    const { fileName } = entry;
    if (!names.has(fileName) || entries.has(fileName))
      throw refused(
        t('it has a part that does not belong there: {fileName}', { fileName: fileName.slice(0, 80) }),
      );
    if (entry.isEncrypted()) throw refused(t('it is locked by a password'));
    entries.set(fileName, entry);
  }
  if (!entries.has(partNames.manifest)) throw refused(t('it is a zip without a manifest'));
  if (entries.size < names.size) throw refused(t('a part of it is missing'));
  return entries;
}

async function manifestOf(zip: ZipFile, entries: Entries): Promise<Manifest> {
  const value = parsed(await wholeOf(zip, entries.get(partNames.manifest)!));
  const { format, version, databaseVersion, app } = Object(value) as Record<string, unknown>;
  if (format !== backupFormat) throw refused(t('it is a zip of something else'));
  const isNewer = (found: unknown, known: number) => typeof found === 'number' && found > known;
  if (isNewer(version, backupVersion) || isNewer(databaseVersion, latestVersion)) {
    throw new AppError({
      code: 'database-newer',
      message: t('This backup was made by a newer version of Altiplano ({app}).', {
        app: String(app).slice(0, 40),
      }),
      hint: t('Install the newest version to restore it. Nothing was changed.'),
    });
  }
  const manifest = manifestSchema.safeParse(value);
  if (!manifest.success) throw refused(t('its manifest is damaged'), 'bad-input', manifest.error.message);
  for (const { name, sizeBytes } of manifest.data.parts) {
    if (entries.get(name)!.uncompressedSize !== sizeBytes)
      throw refused(t('{name} is not as large as it was', { name }));
  }
  if (new Set(manifest.data.parts.map(({ name }) => name)).size < 3)
    throw refused(t('its manifest is damaged'));
  return manifest.data;
}

const partOf = ({ parts }: Manifest, name: Part['name']): Part => parts.find((part) => part.name === name)!;

async function jsonOf<T>(
  zip: ZipFile,
  entries: Entries,
  manifest: Manifest,
  name: Part['name'],
  schema: z.ZodType<T>,
): Promise<T> {
  const bytes = await wholeOf(zip, entries.get(name)!);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const value = schema.safeParse(hash === partOf(manifest, name).sha256 ? parsed(bytes) : undefined);
  if (!value.success) throw refused(t('{name} is not as it was written', { name }));
  return value.data;
}

async function wholeOf(zip: ZipFile, entry: Entry): Promise<Buffer> {
  if (entry.uncompressedSize > mostJsonBytes)
    throw refused(t('{fileName} has an absurd size', { fileName: entry.fileName }));
  const chunks: Buffer[] = [];
  // More than the entry declares is refused by the library.
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Hands the database on while it is what the manifest says. */
async function* proven(
  chunks: AsyncIterable<Buffer>,
  { name, sizeBytes, sha256 }: Part,
  { onProgress }: Watch,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let done = 0;
  for await (const chunk of chunks) {
    // What only swells is told by its first bytes, before it fills the disk.
    if (done === 0 && bytesByHead(chunk) !== sizeBytes) throw refused(t('{name} is no database', { name }));
    hash.update(chunk);
    done += chunk.length;
    onProgress(done, sizeBytes);
    yield chunk;
  }
  if (hash.digest('hex') !== sha256) throw refused(t('{name} is not as it was written', { name }));
}

/** How large a database is by its own head: pages times their size (SQLite's file format, 1.3); null for no database. */
function bytesByHead(head: Buffer): number | null {
  if (head.length < 100 || head.toString('latin1', 0, 16) !== 'SQLite format 3\0') return null;
  const pageBytes = head.readUInt16BE(16);
  return (pageBytes === 1 ? 65_536 : pageBytes) * head.readUInt32BE(28);
}

/** For the database that is unpacked, and for the copy that takes the place of the present one. */
async function requireRoom(folder: string, sizeBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= 2 * sizeBytes + reserveBytes) return;
  throw new AppError({
    code: 'disk-full',
    message: t('There is not enough free space for what is in this backup, so nothing was changed.'),
    hint: t('Free some space on the disk of {folder}.', { folder }),
    details: `${bavail * bsize} bytes are free; the database takes ${sizeBytes}, twice for a while`,
  });
}

function inWords(thrown: unknown): unknown {
  if (thrown instanceof AppError || (thrown instanceof Error && thrown.name === 'AbortError')) return thrown;
  // What the disk says.
  if (
    thrown instanceof Error &&
    'code' in thrown &&
    typeof thrown.code === 'string' &&
    /^E[A-Z]+$/.test(thrown.code)
  )
    return thrown;
  if (namesLeadOut(thrown)) return refused(t('it has names that lead out of its folder'));
  return refused(t('it is damaged or not complete'), 'bad-input', String(thrown));
}

const refused = (why: string, code: 'bad-input' | 'not-found' = 'bad-input', details?: string) =>
  new AppError({
    code,
    message: t('This file can’t be restored: {why}.', { why }),
    hint: t('Choose another backup. Nothing was changed.'),
    ...(details === undefined ? {} : { details }),
  });
