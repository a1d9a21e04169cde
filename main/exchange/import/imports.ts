/**
 * Owns importing chats as main sees it: looking at files first, then saving what was chosen of them, one at a time; never
 * how a file is read.
 */
import { t } from '../../../preload/contract/language.js';
import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../preload/contract/errors.js';
import { lossKindIds } from '../../../preload/contract/import-formats.js';
import type {
  ImportFailure,
  ImportPreview,
  ImportProgress,
  ImportResult,
} from '../../../preload/contract/imports.js';
import type { Database } from '../../db/client.js';
import type { HiddenChat } from '../../db/imports.js';
import type { Losses } from './neutral.js';
import { next, type ReadingReport, type ReadingTask, type Summary } from './protocol.js';
import type { ScanRequest } from './scan.js';

type Parts = {
  /** Path of the bundled `worker.ts`. */
  readonly entry: string;
  readonly db: Pick<Database, 'knownImports' | 'importChat' | 'showImported' | 'discardImported'>;
  readonly onProgress: (progress: ImportProgress) => void;
};

type Choice = {
  readonly id: string;
  readonly chosen: readonly number[];
  readonly folder: string | null;
  readonly tag: string | null;
};

/** With the ids of all that were imported. */
type Imported = Omit<ImportResult, 'chatId'> & { readonly chatIds: readonly string[] };

const limits = { memoryMegabytes: 2048, chats: 200_000, failures: 200 };

export class Imports {
  readonly #parts: Parts;
  /** What was looked at last. */
  #looked: { readonly id: string; readonly request: ScanRequest; readonly hashes: readonly string[] } | null =
    null;
  #stop: AbortController | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws AppError `cancelled`, or `bad-input` when it is too much */
  async look(request: ScanRequest): Promise<ImportPreview> {
    const chats: Summary[] = [];
    const files: ImportPreview['files'] = [];
    const failures = new Failures();
    await this.#read({ kind: 'look', request }, async (report) => {
      if (report.kind === 'found') chats.push(...report.chats);
      else if (report.kind === 'file')
        files.push({ label: report.label, format: report.format, error: report.error });
      else if (report.kind === 'failed') failures.add(report);
      else if (report.kind === 'progress')
        this.#parts.onProgress({ bytes: report.bytes, chats: chats.length });
      if (chats.length > limits.chats) throw tooMany();
    });
    const known = new Set(await this.#parts.db.knownImports([...new Set(chats.map(({ hash }) => hash))]));
    const id = randomUUID();
    this.#looked = { id, request, hashes: chats.map(({ hash }) => hash) };
    return {
      id,
      files,
      chats: chats.map(({ at, label, title, messages, createdAt, hash }) => ({
        ...{ at, file: label, title, messages, createdAt },
        isKnown: known.has(hash),
      })),
      ...failures.told(),
      losses: sumOf(chats.map(({ losses }) => losses)),
    };
  }

  /** @throws AppError `cancelled`: then nothing was imported; `not-found` when other files were looked at since */
  async start({ id, chosen, folder, tag }: Choice): Promise<Imported> {
    const looked = this.#looked;
    if (looked?.id !== id) {
      throw new AppError({
        code: 'not-found',
        message: t('These files were not looked at.'),
        hint: t('Choose them again.'),
      });
    }
    const { db, onProgress } = this.#parts;
    const hidden: HiddenChat[] = [];
    const losses: Losses[] = [];
    const failures = new Failures();
    const chosenNow = new Set(chosen);
    let bytes = 0;
    let saving = Promise.resolve();
    try {
      await this.#read({ kind: 'take', request: looked.request, chosen }, async (report) => {
        if (report.kind === 'progress') ({ bytes } = report);
        else if (report.kind === 'failed') failures.add(report);
        else if (report.kind === 'file') failures.addFile(report);
        if (report.kind !== 'chat') return;
        const { summary, chat } = report;
        chosenNow.delete(summary.at);
        if (summary.hash !== looked.hashes[summary.at]) return failures.add(changed(summary));
        saving = db.importChat(chat, { hash: summary.hash, format: summary.format }).then((chatId) => {
          hidden.push({ chatId, folder: folder ?? chat.folder });
          losses.push(chat.losses);
        });
        try {
          await saving;
        } catch (thrown) {
          const error = AppError.from(thrown);
          // What stops one stops all.
          if (error.code === 'disk-full') throw error;
          failures.add({
            label: summary.label,
            what: t('“{title}”', { title: summary.title }),
            why: error.message,
          });
        }
        onProgress({ bytes, chats: hidden.length });
      });
      for (const at of chosenNow)
        failures.add({
          label: '',
          what: t('Chat {number}', { number: at + 1 }),
          why: t('It is not there any more.'),
        });
      if (hidden.length > 0) await db.showImported(hidden, tag);
    } catch (thrown) {
      // What is being saved while the user cancels goes too.
      await saving.catch(() => undefined);
      await db.discardImported(hidden.map(({ chatId }) => chatId));
      throw thrown;
    }
    return {
      imported: hidden.length,
      ...failures.told(),
      losses: sumOf(losses),
      chatIds: hidden.map(({ chatId }) => chatId),
    };
  }

  async holdingChats(paths: readonly string[]): Promise<string[]> {
    let found: readonly string[] = [];
    await readInThread(
      this.#parts.entry,
      { kind: 'tell', paths },
      new AbortController().signal,
      async (report) => {
        if (report.kind === 'told') found = report.paths;
      },
    );
    return [...found];
  }

  cancel(): void {
    this.#stop?.abort();
  }

  async #read(task: ReadingTask, onReport: (report: ReadingReport) => Promise<void>): Promise<void> {
    this.cancel();
    const stop = new AbortController();
    this.#stop = stop;
    await readInThread(this.#parts.entry, task, stop.signal, onReport);
  }
}

class Failures {
  readonly #listed: ImportFailure[] = [];
  #more = 0;

  add({ label, what, why }: { readonly label: string; readonly what: string; readonly why: string }): void {
    if (this.#listed.length < limits.failures) this.#listed.push({ file: label, what, why });
    else this.#more++;
  }

  /** Nothing of it can be read. */
  addFile({ label, error }: { readonly label: string; readonly error: string | null }): void {
    if (error !== null) this.add({ label: '', what: label, why: error });
  }

  told = () => ({ failures: this.#listed, moreFailures: this.#more });
}

const changed = ({ label, title }: Summary) => ({
  label,
  what: t('“{title}”', { title }),
  why: t('The file has changed since you looked at it. Choose it again.'),
});

const tooMany = () =>
  new AppError({
    code: 'bad-input',
    message: t('These are more than {count, number} chats.', { count: limits.chats }),
    hint: t('Choose fewer files.'),
  });

function sumOf(all: readonly Losses[]): Losses {
  const sum: Losses = {};
  for (const losses of all) {
    for (const kind of lossKindIds)
      if (losses[kind] !== undefined) sum[kind] = (sum[kind] ?? 0) + losses[kind];
  }
  return sum;
}

/** Hands on every report in order; the next one waits until the one before is done with. */
function readInThread(
  entry: string,
  task: ReadingTask,
  signal: AbortSignal,
  onReport: (report: ReadingReport) => Promise<void>,
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const worker = new Worker(entry, {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMegabytes },
    });
    const end = (error: AppError) => {
      reject(error);
      void worker.terminate();
    };
    const cancel = () => end(new AppError({ code: 'cancelled', message: t('The import was cancelled.') }));
    signal.addEventListener('abort', cancel, { once: true });
    let turn = Promise.resolve();
    worker.on('message', (report: ReadingReport) => {
      turn = turn
        .then(async () => {
          if (signal.aborted) return;
          if (report.kind === 'error') return end(new AppError(report.error));
          if (report.kind === 'done') return resolve();
          await onReport(report);
          if (report.kind === 'chat') worker.postMessage(next);
        })
        .catch((thrown: unknown) => end(AppError.from(thrown)));
    });
    worker.on('error', (thrown: NodeJS.ErrnoException) => {
      reject(thrown.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLarge(thrown) : AppError.from(thrown));
    });
    worker.on('exit', () => {
      signal.removeEventListener('abort', cancel);
      // After an answer this changes nothing.
      void turn.then(() => reject(new Error('Reading chats ended without an answer.')));
    });
  });
}

const tooLarge = (cause: unknown) =>
  new AppError(
    {
      code: 'bad-input',
      message: t('A chat in these files is too large to be read.'),
      hint: t('Choose the files one by one to find which it is.'),
    },
    { cause },
  );
