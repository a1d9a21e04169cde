/** Entry of the thread that makes one export, or its preview; ends after its answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { speakAsMain } from '../../app/child-speech.js';
import { AppError } from '../../../preload/contract/errors.js';
import { queryError } from '../../db/damage.js';
import { exportChats, previewChats } from './export.js';
import type { ExportOrder, ExportReport, ExportTask, ReadTask } from './protocol.js';

void speakAsMain();

const port = parentPort!;
const report = (message: ExportReport) => port.postMessage(message);
const cancelling = new AbortController();
let onPrinted: ((failure: AppError | null) => void) | null = null;

port.on('message', (order: ExportOrder) => {
  if (order === 'cancel') cancelling.abort();
  else if (order === 'printed') onPrinted?.(null);
  else onPrinted?.(new AppError(order.failed));
});

/** The page need not be told of every message. */
const tellEveryMs = 100;
let lastToldMs = 0;

const watch = {
  signal: cancelling.signal,
  onProgress: (done: number, total: number) => {
    if (performance.now() - lastToldMs < tellEveryMs) return;
    lastToldMs = performance.now();
    report({ progress: { done, total } });
  },
  print: (page: string, pdf: string) =>
    new Promise<void>((resolve, reject) => {
      onPrinted = (failure) => (failure === null ? resolve() : reject(failure));
      report({ print: { page, pdf } });
    }),
};

const task = workerData as ExportTask | ReadTask;
try {
  if ('target' in task) report({ exported: await exportChats(task, watch) });
  else report({ preview: await previewChats(task) });
} catch (thrown) {
  report({ error: queryError(thrown).toData() });
}
port.close();
