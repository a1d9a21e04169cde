import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeReader } from '../../../../main/attachments/reading.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'reading-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A real thread with this body, in place of the bundled one. */
function reader(body: string, timeMs?: number) {
  const entry = join(folder, 'thread.mjs');
  writeFileSync(entry, `import { parentPort, workerData } from 'node:worker_threads';\n${body}`);
  return makeReader(entry, timeMs);
}
const task = { kind: 'file', path: '/a.txt' } as const;
const watch = { signal: new AbortController().signal, onProgress: () => undefined };

test('the thread is given the file, tells how far it is, and answers', async () => {
  const read = reader(`
    parentPort.postMessage({ progress: 0.5 });
    parentPort.postMessage({ name: workerData.path, sizeBytes: 1, extracted: { kind: 'text', text: 'a' } });`);
  const progress: number[] = [];
  const answer = await read(task, { ...watch, onProgress: (done) => progress.push(done) });
  expect(answer).toMatchObject({ name: '/a.txt', extracted: { text: 'a' } });
  expect(progress).toEqual([0.5]);
});

test('one that takes too long or too much memory is ended and told, and the next one is read', async () => {
  const read = reader(
    `if (workerData.path === 'slow') setInterval(() => undefined, 1000);
     else parentPort.postMessage({ error: { code: 'bad-input', message: 'read' } });`,
    200,
  );
  const slow = read({ kind: 'file', path: 'slow' }, watch);
  const next = read(task, watch);
  await expect(slow).rejects.toMatchObject({
    code: 'bad-input',
    message: 'This file takes too long to read.',
  });
  await expect(next).rejects.toThrow('read');
  const greedy = reader('const all = []; for (;;) all.push(new Array(1e6).fill(all.length + 0.5));');
  await expect(greedy(task, watch)).rejects.toThrow('too much memory');
}, 30_000);

test('cancelling ends a thread that would never end', async () => {
  const read = reader('setInterval(() => undefined, 1000); parentPort.postMessage({ progress: 0 });');
  const cancel = new AbortController();
  const reading = read(task, { signal: cancel.signal, onProgress: () => cancel.abort() });
  await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
});

test('a thread that ends without an answer is told', async () => {
  await expect(reader('')(task, watch)).rejects.toThrow('ended without an answer');
});
