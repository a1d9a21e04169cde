/** Entry of the maintenance thread: does the one task that it was started for. */
import { parentPort, workerData } from 'node:worker_threads';
import { speakAsMain } from '../app/child-speech.js';
import { AppError } from '../../preload/contract/errors.js';
import { doTask } from './maintenance-tasks.js';
import type { TaskAnswer, TaskRequest } from './maintenance.js';

void speakAsMain();

const { name, task } = workerData as TaskRequest;
const answer = await doTask(name, task).then(
  (value): TaskAnswer => ({ ok: true, value }),
  (thrown: unknown): TaskAnswer => ({ ok: false, error: AppError.from(thrown).toData() }),
);
parentPort!.postMessage(answer);
