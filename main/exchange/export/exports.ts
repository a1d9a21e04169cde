/** Owns the exports that go on, each in a thread of its own; seen from main. Never reads a chat itself. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../../preload/contract/errors.js';
import type { ExportPreview, ExportRequest } from '../../../preload/contract/exchange.js';
import { isIncognito } from '../../../preload/contract/incognito.js';
import type { Database } from '../../db/client.js';
import type { Exported, ExportOrder, ExportReport, ExportTask, ReadTask, TaskTarget } from './protocol.js';

type ExportsOptions = {
  /** Path of the bundled `worker.ts`. */
  readonly entry: string;
  readonly database: string;
  readonly db: Pick<Database, 'serialize'>;
  /** The version of Altiplano. */
  readonly app: string;
  /** Makes a PDF of a page in a file. */
  readonly print: (page: string, pdf: string) => Promise<void>;
  readonly onProgress: (id: string, done: number, total: number) => void;
};

export class Exports {
  readonly #options: ExportsOptions;
  readonly #running = new Map<string, { readonly cancel: () => void; readonly ended: Promise<unknown> }>();

  /** Those that were cancelled before they began, while their place was chosen. */
  readonly #cancelled = new Set<string>();

  constructor(options: ExportsOptions) {
    this.#options = options;
  }

  async preview(request: ExportRequest): Promise<ExportPreview> {
    const { ended } = this.#run(await this.#task(request), () => undefined);
    return ((await ended) as { preview: ExportPreview }).preview;
  }

  /** @throws AppError `cancelled` after `cancel`; nothing of it is left then */
  async start(id: string, request: ExportRequest, target: TaskTarget): Promise<Exported> {
    const scratch = request.format === 'pdf' ? await mkdtemp(join(tmpdir(), 'altiplano-export-')) : null;
    const task: ExportTask = { ...(await this.#task(request)), target, scratch };
    try {
      const run = this.#run(task, (done, total) => this.#options.onProgress(id, done, total));
      this.#running.set(id, run);
      if (this.#cancelled.delete(id)) run.cancel();
      return ((await run.ended) as { exported: Exported }).exported;
    } finally {
      this.#running.delete(id);
      if (scratch !== null) await rm(scratch, { recursive: true, force: true });
    }
  }

  cancel(id: string): void {
    const run = this.#running.get(id);
    if (run === undefined) this.#cancelled.add(id);
    else run.cancel();
  }

  /** Cancels all, and waits until nothing of them is left. */
  async close(): Promise<void> {
    const runs = [...this.#running.values()];
    for (const { cancel } of runs) cancel();
    await Promise.allSettled(runs.map(({ ended }) => ended));
  }

  async #task(request: ExportRequest): Promise<ReadTask> {
    const { database, db, app } = this.#options;
    const { scope } = request;
    const chatId =
      scope.kind === 'message' ? scope.chatId : scope.kind === 'chats' ? (scope.chatIds[0] ?? null) : null;
    return {
      ...request,
      app,
      exportedAt: Date.now(),
      database: chatId !== null && isIncognito(chatId) ? await db.serialize(chatId) : database,
    };
  }

  #run(task: ReadTask, onProgress: (done: number, total: number) => void) {
    const { entry, print } = this.#options;
    const worker = new Worker(entry, { workerData: task });
    const order = (message: ExportOrder) => worker.postMessage(message);
    const ended = new Promise<ExportReport>((resolve, reject) => {
      worker.on('message', (report: ExportReport) => {
        if ('progress' in report) onProgress(report.progress.done, report.progress.total);
        else if ('print' in report) {
          print(report.print.page, report.print.pdf).then(
            () => order('printed'),
            (thrown: unknown) => order({ failed: AppError.from(thrown).toData() }),
          );
        } else if ('error' in report) reject(new AppError(report.error));
        else resolve(report);
      });
      worker.on('error', (thrown) => reject(AppError.from(thrown)));
      // After an answer this changes nothing.
      worker.on('exit', () => reject(new Error('The export ended without an answer.')));
    });
    return { cancel: () => order('cancel'), ended };
  }
}
