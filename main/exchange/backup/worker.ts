/** Entry of the thread that writes or reads one backup; ends after its answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { speakAsMain } from '../../app/child-speech.js';
import { queryError } from '../../db/damage.js';
import type { BackupReport, BackupRequest } from './protocol.js';
import { doBackupTask } from './tasks.js';

void speakAsMain();

const port = parentPort!;
const report = (message: BackupReport) => port.postMessage(message);
const cancelling = new AbortController();
port.on('message', () => cancelling.abort());

/** The page need not be told of every piece. */
const tellEveryMs = 100;
let toldMs = 0;

try {
  const result = await doBackupTask(workerData as BackupRequest, {
    signal: cancelling.signal,
    onProgress(done, total) {
      if (performance.now() - toldMs < tellEveryMs) return;
      toldMs = performance.now();
      report({ progress: { done, total } });
    },
  });
  report({ result });
} catch (thrown) {
  report({ error: queryError(thrown).toData() });
}
port.close();
