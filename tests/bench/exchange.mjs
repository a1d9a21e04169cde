/**
 * `npm run bench -- exchange [--messages N]`: what exports of one long chat take, in time and in memory above the start, in
 * the app's own thread. PDF is left out: it is the printing engine's memory, and long chats are refused.
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { inProject } from '../../scripts/lib/paths.mjs';
import { writeLongChats } from '../fixtures/long-chat.mjs';
import { openedByApp } from './chats/data.mjs';
import { machine } from './lib/figures.mjs';

const limitMegabytes = 200;
const formats = ['altiplano', 'markdown', 'html', 'text', 'sharegpt', 'alpaca'].concat([
  'text-generation-webui',
  'sillytavern',
]);

/** @param context the arguments and whether to print JSON */
export async function bench({ args, json }) {
  const say = json ? () => undefined : (line) => console.log(line);
  const at = args.indexOf('--messages');
  const messages = at < 0 ? 100_000 : Number(args[at + 1]);
  const folder = mkdtempSync(join(tmpdir(), 'altiplano-bench-'));
  try {
    const database = join(folder, 'altiplano.db');
    const app = await openedByApp(database);
    await app.ask('listChats');
    await app.close();
    writeLongChats(database, [{ title: 'Long', length: messages }]);
    const results = {};
    for (const format of formats) {
      const result = await exported({ database, format, path: join(folder, format) });
      results[format] = result;
      say(
        `${format.padEnd(24)} ${(result.ms / 1000).toFixed(1).padStart(6)} s  ${result.megabytes.toFixed(0).padStart(5)} MB above the start (at most ${limitMegabytes})  ${(result.bytes / 1e6).toFixed(0)} MB written`,
      );
    }
    const passed = Object.values(results).every(({ megabytes }) => megabytes <= limitMegabytes);
    if (json) console.log(JSON.stringify({ machine: machine(), messages, limitMegabytes, results, passed }));
    return passed ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function exported({ database, format, path }) {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const watching = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  const started = performance.now();
  const worker = new Worker(inProject('out', 'main', 'exporting.js'), {
    workerData: {
      ...{ scope: { kind: 'everything' }, format, branches: true, metadata: true, database, app: 'bench' },
      ...{ exportedAt: Date.now(), target: { kind: 'file', path }, scratch: null },
    },
  });
  let error = null;
  worker.on('message', (report) => (error ??= report.error ?? null));
  await once(worker, 'exit');
  clearInterval(watching);
  if (error !== null) throw new Error(error.message);
  return { ms: performance.now() - started, megabytes: (most - before) / 1e6, bytes: statSync(path).size };
}
