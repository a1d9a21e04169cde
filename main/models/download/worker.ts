/** Entry of the thread that downloads: sockets, files and hashes, away from window and chat; main decides what and when. */
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { speakAsMain } from '../../app/child-speech.js';
import { AppError } from '../../../preload/contract/errors.js';
import { Http } from '../../net/http.js';
import { backOffMs } from './back-off.js';
import { hashThread } from './hash-thread.js';
import { Job } from './job.js';
import { Naps } from './naps.js';
import type { FromThread, ToThread } from './protocol.js';
import { RateLimiter } from './rate-limiter.js';
import { freeBytesOf, Space } from './space.js';

void speakAsMain();

const connections = 4;
const progressEveryMs = 250;

const port = parentPort!;
const tell = (message: FromThread) => port.postMessage(message);

let lastSeq = 0;
const waysAsked = new Map<
  number,
  { resolve: (proxy: string | null) => void; reject: (error: AppError) => void }
>();
const http = new Http({
  wayTo: (url) =>
    new Promise((resolve, reject) => {
      const seq = ++lastSeq;
      waysAsked.set(seq, { resolve, reject });
      tell({ kind: 'wayTo', seq, url: url.href });
    }),
  note: (request) => tell({ kind: 'request', request }),
});
const limiter = new RateLimiter();
const space = new Space(freeBytesOf);
const naps = new Naps();
const askHashes = hashThread(join(import.meta.dirname, 'download-hashes.js'));
const jobs = new Map<string, Job>();

async function start({ id, files, credential, cause }: Extract<ToThread, { kind: 'start' }>): Promise<void> {
  const retryDelayMs = (failures: number, askedMs: number | null) =>
    backOffMs(failures, askedMs, Math.random());
  const shared = { http, limiter, space, askHashes, connections, retryDelayMs, naps };
  const job = new Job(files, { ...shared, credential, cause });
  jobs.set(id, job);
  const report = () => tell({ kind: 'progress', id, progress: job.progress(performance.now()) });
  const timer = setInterval(report, progressEveryMs);
  let error: AppError | null = null;
  try {
    await job.run((index, fetched) => tell({ kind: 'file', id, index, fetched }));
  } catch (thrown) {
    error = AppError.from(thrown);
  }
  clearInterval(timer);
  report();
  jobs.delete(id);
  tell({ kind: 'ended', id, error: error?.toData() ?? null });
}

port.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'start':
      return void start(message);
    case 'stop':
      return jobs.get(message.id)?.stop();
    case 'limit':
      limiter.bytesPerSecond = message.bytesPerSecond;
      return;
    case 'woke':
      http.woke();
      return naps.wake();
    case 'way': {
      const waiting = waysAsked.get(message.seq);
      waysAsked.delete(message.seq);
      if ('error' in message) waiting?.reject(new AppError(message.error));
      else waiting?.resolve(message.proxy);
    }
  }
});
