/** Damaged models against our reader alone; tests/e2e/damage.spec.ts takes the same ones through llama.cpp. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkModel, checkVocabulary } from '../../../../main/engine/gguf-check.js';
import { readGguf } from '../../../../main/engine/gguf.js';
import { vocabularyKeys } from '../../../../main/engine/vocabulary.js';
import { AppError } from '../../../../preload/contract/errors.js';
import { damagedFiles } from '../../../fixtures/damaged-gguf.js';
import { ggufFile, type Metadata, type Tensor } from '../../../fixtures/gguf.js';
import { llamaMetadata, llamaTensors, shapes, writeRandomLlama } from '../../../fixtures/random-llama.js';

const folder = mkdtempSync(join(tmpdir(), 'damaged-'));
const path = join(folder, 'model.gguf');
afterAll(() => rmSync(folder, { recursive: true }));

const metadata = llamaMetadata(shapes.tiny);
const tensors = llamaTensors(shapes.tiny);

/** What is wrong with a file; null when nothing is. */
async function problem(bytes: Buffer): Promise<string | null> {
  writeFileSync(path, bytes);
  try {
    const header = await readGguf(path, vocabularyKeys);
    checkModel(header);
    checkVocabulary(header);
    return null;
  } catch (thrown) {
    // Anything else would be a fault of the reader, not of the file.
    expect(thrown).toBeInstanceOf(AppError);
    const { code, message } = thrown as AppError;
    expect(['model-not-gguf', 'model-truncated']).toContain(code);
    return message;
  }
}

test('500 damaged files: an answer each; all that is cut is noticed, and nothing sound is refused', async () => {
  await writeRandomLlama(path, shapes.tiny);
  const bytes = readFileSync(path);
  const files = damagedFiles({ metadata, tensors, bytes });
  expect(files).toHaveLength(500);
  for (const { damage, bytes } of files) {
    const found = await problem(bytes);
    if (damage.startsWith('cut')) expect(found, damage).not.toBeNull();
    if (damage.startsWith('all weights')) expect(found, damage).toBeNull();
  }
  expect(await problem(bytes)).toBeNull();
}, 60_000);

/** Each of these made llama.cpp end the process with a failed assertion. */
test.each<[string, Metadata, RegExp]>([
  ['no layers', { 'llama.block_count': 0 }, /llama\.block_count makes no sense \(0\)/],
  ['too many layers', { 'llama.block_count': 513 }, /llama\.block_count makes no sense \(513\)/],
  ['no feed forward', { 'llama.feed_forward_length': 0 }, /feed_forward_length makes no sense/],
  [
    'another feed forward',
    { 'llama.feed_forward_length': 7 },
    /ffn_down\.weight have 128 elements, .* says 7/,
  ],
  ['no heads', { 'llama.attention.head_count': 0 }, /head_count makes no sense/],
  ['no KV heads', { 'llama.attention.head_count_kv': 0 }, /head_count_kv makes no sense/],
  ['KV heads that share nothing', { 'llama.attention.head_count_kv': 3 }, /can’t be shared evenly/],
  ['no number', { 'llama.embedding_length': { f32: NaN } }, /embedding_length makes no sense \(NaN\)/],
  ['no vocabulary', { 'tokenizer.ggml.tokens': [] }, /it has no vocabulary/],
  ['a token twice', { 'tokenizer.ggml.tokens': Array<string>(512).fill('a') }, /a token is .* twice/],
  ['half a vocabulary', { 'tokenizer.ggml.tokens': ['a', 'b'] }, /2 tokens, but 512 embeddings/],
])('%s is refused', async (_, changed, message) => {
  expect(await problem(ggufFile({ ...metadata, ...changed }, tensors))).toMatch(message);
});

test.each<[string, (tensor: Tensor) => readonly Tensor[], RegExp]>([
  ['twice', (tensor) => [tensor, tensor], /has the tensor token_embd\.weight twice/],
  ['missing', () => [], /token_embd\.weight is missing/],
  ['empty', (tensor) => [{ ...tensor, dimensions: [64, 0] }], /token_embd\.weight is empty/],
  ['unknown', (tensor) => [{ ...tensor, type: 99 }], /token_embd\.weight has the unknown type 99/],
  ['broken', (tensor) => [{ ...tensor, dimensions: [65, 512] }], /token_embd\.weight has broken rows/],
  ['huge', (tensor) => [{ ...tensor, dimensions: [2 ** 40, 2 ** 40] }], /its tensors have absurd sizes/],
])('a tensor that is %s is refused', async (_, change, message) => {
  const changed = tensors.flatMap((tensor) =>
    tensor.name === 'token_embd.weight' ? change(tensor) : [tensor],
  );
  expect(await problem(ggufFile(metadata, changed))).toMatch(message);
});
