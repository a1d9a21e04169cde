/** Real jobs with the real library, in this process. */
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSummary } from '../../../../../main/models/inspect.js';
import { fromFloats, ggml } from '../../../../../main/models/forge/blocks.js';
import { runTask } from '../../../../../main/models/forge/tasks.js';
import type { ForgeTask } from '../../../../../preload/contract/forge.js';
import { legacyGgml, legacyShape } from '../../../../fixtures/legacy-ggml.js';

const folder = mkdtempSync(join(tmpdir(), 'tasks-'));
afterAll(() => rmSync(folder, { recursive: true }));
const legacy = legacyGgml('ggjt v3', 'F32', { shape: { ...legacyShape, vocabulary: 1024 } });
const source = join(folder, 'source.gguf');
writeFileSync(source, legacy.reference);

const steps: string[] = [];
const run = (task: ForgeTask, output: string) =>
  runTask(task, join(folder, output), {
    signal: new AbortController().signal,
    report: (step, progress) => steps.push(`${step} ${progress.toFixed(1)}`),
  });
const quantize = (path: string, more: object = {}) =>
  ({
    ...{ kind: 'quantize', path, name: 'new', quantization: 'Q4_0', requantize: false, compare: true },
    ...more,
  }) as ForgeTask;

test('quantises by llama.cpp, measures before and after, and tells how it goes on', async () => {
  const result = await run(quantize(source), 'q4.gguf');
  expect(await readSummary(result.path)).toMatchObject({ quantization: 'Q4_0', architecture: 'llama' });
  expect(result.sourceBytes).toBe(legacy.reference.length);
  expect(result.sizeBytes).toBeLessThan(result.sourceBytes / 3);
  // Random weights expect every token of 1024 alike, whatever their bits.
  expect(result.perplexity!.before).toBeGreaterThan(500);
  expect(result.perplexity!.after / result.perplexity!.before).toBeCloseTo(1, 1);
  expect(result.perplexity!.after).not.toBe(result.perplexity!.before);
  expect(steps).toContain('Quantising 1.0');
  expect(steps.at(-1)).toBe('Measuring the result 1.0');
  // The very bytes that we make of the first matrix.
  const values = new Float32Array(
    legacy.reference.buffer.slice(
      legacy.reference.byteOffset + legacy.referenceStart,
      legacy.reference.byteOffset + legacy.referenceStart + 64 * 4,
    ),
  );
  expect(readFileSync(result.path).includes(Buffer.from(fromFloats(ggml.q4_0, values)))).toBe(true);
});

test('what has lost something already is quantised again only when that was asked for', async () => {
  const once = await run(quantize(source, { quantization: 'Q8_0', compare: false }), 'q8.gguf');
  await expect(run(quantize(once.path, { quantization: 'Q4_K_M' }), 'twice.gguf')).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('quantised already'),
  });
  expect(readdirSync(folder).filter((name) => name.startsWith('twice'))).toEqual([]);
  const twice = await run(quantize(once.path, { requantize: true, compare: false }), 'twice.gguf');
  expect(twice.sizeBytes).toBeLessThan(once.sizeBytes);
});

test('an old file is imported and quantised in one go; what lies between is removed', async () => {
  const path = join(folder, 'alpaca-7b.bin');
  writeFileSync(path, legacy.parts[0]!);
  const task: ForgeTask = {
    ...{ kind: 'import-ggml', path, name: 'new', base: 'llama-2', template: 'alpaca', quantization: 'Q8_0' },
  };
  const result = await run(task, 'imported.gguf');
  expect(await readSummary(result.path)).toMatchObject({ quantization: 'Q8_0', trainedContext: 4096 });
  expect(existsSync(`${result.path}.source.forging`)).toBe(false);
});

test('a file that is no model ends with what to do', async () => {
  const path = join(folder, 'broken.gguf');
  writeFileSync(path, legacy.reference.subarray(0, legacy.reference.length - 100));
  await expect(run(quantize(path), 'never.gguf')).rejects.toMatchObject({ code: 'model-truncated' });
  expect(existsSync(join(folder, 'never.gguf'))).toBe(false);
});
