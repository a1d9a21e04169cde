/** Entry of the thread that reads chats from files: files in, chats of the neutral structure out. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { speakAsMain } from '../../app/child-speech.js';
import { AppError } from '../../../preload/contract/errors.js';
import { titleFrom } from '../../db/title.js';
import type { ReadingReport, ReadingTask, Summary } from './protocol.js';
import { hashOf, holdsChats, scan, type ScanEvent } from './scan.js';

void speakAsMain();

const port = parentPort!;
const report = (message: ReadingReport) => port.postMessage(message);

/** So many are told at once. */
const batch = 200;
const progressEveryMs = 100;

function summaryOf({ at, label, format, chat }: Extract<ScanEvent, { kind: 'chat' }>): Summary {
  const { title, messages, createdAt, losses } = chat;
  const words = messages.find(({ role }) => role === 'user') ?? messages[0];
  return {
    ...{ at, label, format, createdAt, losses },
    title: title ?? titleFrom(words?.text ?? ''),
    messages: messages.length,
    hash: hashOf(chat),
  };
}

async function work(task: ReadingTask): Promise<void> {
  if (task.kind === 'tell') {
    const paths: string[] = [];
    for (const path of task.paths) if (await holdsChats(path)) paths.push(path);
    return report({ kind: 'told', paths });
  }
  const chosen = task.kind === 'take' ? new Set(task.chosen) : null;
  let found: Summary[] = [];
  let bytes = 0;
  let toldMs = 0;
  const tell = () => {
    if (found.length > 0) report({ kind: 'found', chats: found });
    found = [];
  };
  for await (const event of scan(task.request)) {
    if (event.kind === 'progress') {
      bytes += event.bytes;
      if (Date.now() - toldMs < progressEveryMs) continue;
      toldMs = Date.now();
      report({ kind: 'progress', bytes });
    } else if (event.kind !== 'chat') report(event);
    else if (chosen === null) {
      found.push(summaryOf(event));
      if (found.length >= batch) tell();
    } else if (chosen.has(event.at)) {
      report({ kind: 'chat', summary: summaryOf(event), chat: event.chat });
      await once(port, 'message');
    }
  }
  tell();
}

try {
  await work(workerData as ReadingTask);
  report({ kind: 'done' });
} catch (thrown) {
  report({ kind: 'error', error: AppError.from(thrown).toData() });
}
port.close();
