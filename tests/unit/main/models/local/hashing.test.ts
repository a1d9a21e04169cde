import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeHasher } from '../../../../../main/models/local/hashing.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'hashing-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A real thread with this body, in place of the bundled one. */
function hasher(body: string) {
  const entry = join(folder, 'thread.mjs');
  writeFileSync(entry, `import { parentPort, workerData } from 'node:worker_threads';\n${body}`);
  return makeHasher(entry);
}
const task = { path: '/m/a.gguf', kind: 'sha256' } as const;

test('the thread is given the file, tells how far it is, and answers', async () => {
  const hash = hasher(`
    parentPort.postMessage({ doneBytes: 32 });
    parentPort.postMessage({ hash: workerData.path + workerData.kind });`);
  const done: number[] = [];
  const { signal } = new AbortController();
  expect(await hash(task, { signal, onProgress: (bytes) => done.push(bytes) })).toBe('/m/a.ggufsha256');
  expect(done).toEqual([32]);
});

test('cancelling ends a thread that would never end', async () => {
  const hash = hasher('setInterval(() => undefined, 1000); parentPort.postMessage({ doneBytes: 1 });');
  const cancel = new AbortController();
  const work = hash(task, { signal: cancel.signal, onProgress: () => cancel.abort() });
  await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  await expect(hash(task, { signal: cancel.signal, onProgress: () => undefined })).rejects.toMatchObject({
    code: 'cancelled',
  });
});

test('what the thread throws is the answer, and so is its early end', async () => {
  await expect(hasher('throw new Error("EIO: the disk is broken")')(task)).rejects.toThrow('EIO');
  await expect(hasher('')(task)).rejects.toThrow('ended without an answer');
});
