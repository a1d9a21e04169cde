/** Entry of the forge's process: takes one task, says how it goes on and how it ended, and does nothing more. */
import { setPriority } from 'node:os';
import { speakAsMain } from '../../app/child-speech.js';
import { AppError } from '../../../preload/contract/errors.js';
import { forgeRequestSchema, type ForgeMessage, type ForgeTask } from '../../../preload/contract/forge.js';
import { forgeCancelled } from './gguf-writer.js';
import { runTask } from './tasks.js';

void speakAsMain();

/** The chat goes first. */
const lowPriority = 10;
/** Not more often than people can see. */
const reportMs = 100;

const stopping = new AbortController();
const post = (message: ForgeMessage) => process.parentPort.postMessage(message);

process.parentPort.on('message', ({ data }) => {
  const request = forgeRequestSchema.parse(data);
  if (request.type === 'start') void start(request.task, request.outputPath);
  else {
    stopping.abort();
    // Main ends the process, whatever is going on in it.
    post({ type: 'failed', error: forgeCancelled().toData() });
  }
});

async function start(task: ForgeTask, outputPath: string): Promise<void> {
  lowerPriority();
  let last = { step: '', ms: 0 };
  const report = (step: string, progress: number) => {
    const ms = Date.now();
    if (step === last.step && ms - last.ms < reportMs) return;
    last = { step, ms };
    post({ type: 'progress', step, progress });
  };
  try {
    const result = await runTask(task, outputPath, { signal: stopping.signal, report });
    post({ type: 'done', result });
  } catch (thrown) {
    post({ type: 'failed', error: AppError.from(thrown).toData() });
  }
}

function lowerPriority(): void {
  try {
    setPriority(lowPriority);
  } catch {
    // Some systems don't let a process do that; it works all the same.
  }
}
