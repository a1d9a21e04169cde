/** Owns writing a backup as one file: a proven copy of the database, the settings and a list of models, each hashed as it goes. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import Sqlite from 'better-sqlite3';
import { ZipFile } from 'yazl';
import type { BackupContents } from '../../../preload/contract/backup-files.js';
import { countContents } from '../../db/contents.js';
import { copyProven } from '../../db/snapshots.js';
import { writeWhole } from '../export/part-file.js';
import { backupFormat, backupVersion, partNames, type Manifest, type Part } from './manifest.js';
import type { BackupTasks, Watch } from './protocol.js';

type Source = { readonly name: Part['name']; readonly sizeBytes: number; readonly open: () => Readable };

/** @throws AppError `disk-full`, `database-damaged`; what `writeWhole` throws. Nothing of it is left then. */
export async function writeBackup(task: BackupTasks['write']['task'], watch: Watch): Promise<null> {
  const { path, database, copy, settings, models } = task;
  try {
    const { version } = await copyProven(database, copy);
    watch.signal.throwIfAborted();
    const sources = [
      { name: partNames.database, sizeBytes: (await stat(copy)).size, open: () => createReadStream(copy) },
      ofJson(partNames.settings, settings),
      ofJson(partNames.models, models),
    ];
    const contents = contentsOf(copy);
    const manifest = { ...pick(task), databaseVersion: version, contents };
    await writeWhole(path, zipped(sources, manifest, watch), watch.signal);
    return null;
  } finally {
    await rm(copy, { force: true });
  }
}

const pick = ({ app, madeAt }: BackupTasks['write']['task']) => ({ app, madeAt });

function ofJson(name: Part['name'], value: unknown): Source {
  const bytes = Buffer.from(JSON.stringify(value, null, 2));
  return { name, sizeBytes: bytes.length, open: () => Readable.from([bytes]) };
}

function contentsOf(path: string): BackupContents {
  const db = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    return countContents(db);
  } finally {
    db.close();
  }
}

/** The parts one after another; the manifest last, since it has their hashes. */
function zipped(
  sources: readonly Source[],
  facts: Omit<Manifest, 'format' | 'version' | 'parts'>,
  { onProgress }: Watch,
): NodeJS.ReadableStream {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  const mtime = new Date(facts.madeAt);
  const total = sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let done = 0;
  const parts: Part[] = [];
  async function* hashed({ name, sizeBytes, open }: Source) {
    const hash = createHash('sha256');
    for await (const chunk of open() as AsyncIterable<Buffer>) {
      hash.update(chunk);
      done += chunk.length;
      onProgress(done, total);
      yield chunk;
    }
    parts.push({ name, sizeBytes, sha256: hash.digest('hex') });
  }
  const add = (name: string, chunks: () => AsyncIterable<Buffer> | Iterable<Buffer>) =>
    zip.addReadStreamLazy(name, { mtime }, (take) => take(null, Readable.from(chunks())));
  for (const source of sources) add(source.name, () => hashed(source));
  add(partNames.manifest, () => {
    const manifest: Manifest = { format: backupFormat, version: backupVersion, ...facts, parts };
    return [Buffer.from(JSON.stringify(manifest, null, 2))];
  });
  zip.end();
  return output;
}
