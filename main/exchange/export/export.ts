/** Owns one export from the database to its files; reads one message at a time, and writes as it reads. */
import { t } from '../../../preload/contract/language.js';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import Sqlite from 'better-sqlite3';
import { ZipFile } from 'yazl';
import { AppError } from '../../../preload/contract/errors.js';
import type { ExportPreview } from '../../../preload/contract/exchange.js';
import { streamOf, writeWhole } from './part-file.js';
import { ExportPlan } from './plan.js';
import type { Exported, ExportTask, ReadTask } from './protocol.js';
import { makeSource } from './source.js';

export type ExportWatch = {
  readonly onProgress: (done: number, total: number) => void;
  /** Makes a PDF of a page. */
  readonly print: (page: string, pdf: string) => Promise<void>;
  readonly signal: AbortSignal;
};

/** What can still be pasted, in UTF-16 units. */
const mostText = 5_000_000;
const previewLength = 4000;
/** Printing a longer page takes gigabytes of memory. */
const mostPageBytes = 20_000_000;

/** @throws AppError `cancelled`, `not-found` when there is nothing, `bad-input` with what to do */
export async function exportChats(task: ExportTask, watch: ExportWatch): Promise<Exported> {
  return reading(task, async (plan) => {
    const { target } = task;
    const counts = { chats: plan.chatIds.length, messages: plan.messages };
    if (target.kind === 'text') return { ...counts, text: collected(plan.all()) };
    const files = plan.files();
    const stream = (index: number): Promise<Readable> => {
      const texts = watched(files[index]!.texts(), plan, watch);
      return task.format === 'pdf' ? printed(texts, task, watch, index) : Promise.resolve(streamOf(texts));
    };
    if (target.kind === 'file') {
      if (files.length > 1) throw manyFiles();
      await writeWhole(target.path, await stream(0), watch.signal);
    } else {
      await writeWhole(
        target.path,
        zipped(
          files.map(({ name }) => name),
          stream,
        ),
        watch.signal,
      );
    }
    return { ...counts, text: null };
  });
}

/** The first lines, and what the whole comes to. */
export async function previewChats(task: ReadTask): Promise<ExportPreview> {
  return reading(task, (plan) => {
    let text = '';
    for (const piece of plan.inWords()) {
      text += piece;
      if (text.length > previewLength) break;
    }
    return Promise.resolve({
      chats: plan.chatIds.length,
      messages: plan.messages,
      files: plan.files().length,
      fileName: plan.fileName,
      text: text.slice(0, previewLength),
      isCut: text.length > previewLength,
    });
  });
}

async function reading<T>(task: ReadTask, work: (plan: ExportPlan) => Promise<T>): Promise<T> {
  const { database } = task;
  const db =
    typeof database === 'string'
      ? new Sqlite(database, { readonly: true })
      : new Sqlite(Buffer.from(database));
  try {
    return await work(new ExportPlan(makeSource(db), task, task));
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'AbortError') {
      throw new AppError({
        code: 'cancelled',
        message: t('The export was cancelled; nothing of it was kept.'),
      });
    }
    throw thrown;
  } finally {
    db.close();
  }
}

/** Tells how far it is, as the texts are taken. */
function* watched(texts: Iterable<string>, plan: ExportPlan, { onProgress }: ExportWatch): Generator<string> {
  for (const text of texts) {
    yield text;
    onProgress(plan.done, plan.messages);
  }
}

function collected(texts: Iterable<string>): string {
  const pieces: string[] = [];
  let length = 0;
  for (const text of texts) {
    pieces.push(text);
    length += text.length;
    if (length <= mostText) continue;
    throw new AppError({
      code: 'bad-input',
      message: t('This is too much for the clipboard.'),
      hint: t('Save it as a file.'),
    });
  }
  return pieces.join('');
}

/** Entries are read one after another, each when its turn comes. */
function zipped(
  names: readonly string[],
  stream: (index: number) => Promise<Readable>,
): NodeJS.ReadableStream {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  for (const [index, name] of names.entries()) {
    zip.addReadStreamLazy(name, { mtime: new Date() }, (take) => {
      stream(index).then(
        (entry) => take(null, entry),
        (thrown: unknown) => output.destroy(thrown as Error),
      );
    });
  }
  zip.end();
  return output;
}

/** A page as a PDF, by way of files in between. */
async function printed(
  texts: Iterable<string>,
  { scratch }: ExportTask,
  { print, signal }: ExportWatch,
  index: number,
): Promise<Readable> {
  const page = join(scratch!, `${index}.html`);
  const pdf = join(scratch!, `${index}.pdf`);
  await writeWhole(page, streamOf(texts), signal);
  if ((await stat(page)).size > mostPageBytes) {
    throw new AppError({
      code: 'bad-input',
      message: t('This chat is too long for a PDF.'),
      hint: t('Export it as a web page, which has the same look.'),
    });
  }
  signal.throwIfAborted();
  await print(page, pdf);
  signal.throwIfAborted();
  return createReadStream(pdf);
}

const manyFiles = () =>
  new AppError({
    code: 'bad-input',
    message: t('These chats do not fit one file of this format.'),
    hint: t('Save them as a zip.'),
  });
