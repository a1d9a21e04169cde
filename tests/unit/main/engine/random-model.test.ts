/** The models that tests and benches make for themselves: real for llama.cpp. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadInOneThread } from '../../../fixtures/one-thread-engine.js';
import { generate } from '../../../../main/engine/session.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';
import { shapes, writeRandomLlama } from '../../../fixtures/random-llama.js';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'random-'))));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(['F32', 'Q4_0'] as const)('a model with random weights in %s loads and writes', async (weights) => {
  const path = join(folder, `${weights}.gguf`);
  await writeRandomLlama(path, { ...shapes.tiny, weights });
  const engine = await loadInOneThread(path);
  const { stats } = await generate(
    engine,
    {
      runId: 'test',
      prompt: { kind: 'text', text: 'once upon a time' },
      sampling: { ...defaultSampling(), max_new_tokens: 20, seed: 1 },
    },
    { frame: () => undefined, checkpoint: () => undefined },
    new AbortController().signal,
  );
  await engine.dispose();
  expect(stats.tokens).toBe(20);
});

test('the same seed makes the same file, another one does not', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => join(folder, `${name}.gguf`));
  await writeRandomLlama(a!, shapes.tiny, 7);
  await writeRandomLlama(b!, shapes.tiny, 7);
  await writeRandomLlama(c!, shapes.tiny, 8);
  expect(readFileSync(a!)).toEqual(readFileSync(b!));
  expect(readFileSync(a!)).not.toEqual(readFileSync(c!));
});
