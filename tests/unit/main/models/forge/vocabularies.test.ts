/** Vocabularies of folders become those that llama.cpp tokenises by, with the special tokens that the folder names. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readGguf } from '../../../../../main/engine/gguf.js';
import { readSpecialTokens, readTokenTable } from '../../../../../main/models/forge/folder-vocabulary.js';
import type { Metadata } from '../../../../../main/models/forge/gguf-header.js';
import { readLlamaConfig } from '../../../../../main/models/forge/llama-config.js';
import { openFolder } from '../../../../../main/models/forge/model-folder.js';
import { preTokenizerName } from '../../../../../main/models/forge/pre-tokenizer.js';
import { vocabularyMetadata } from '../../../../../main/models/forge/vocabulary.js';
import { hfConfig, hfShape, sentencePieceFile } from '../../../../fixtures/hf-llama.js';

const root = mkdtempSync(join(tmpdir(), 'vocabularies-'));
afterAll(() => rmSync(root, { recursive: true }));

async function metadataOf(
  files: Record<string, string | Buffer>,
  vocabulary: number = hfShape.vocabulary,
): Promise<Metadata> {
  const path = mkdtempSync(join(root, 'folder-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  const folder = await openFolder(path);
  const config = readLlamaConfig({
    ...hfConfig(hfShape),
    vocab_size: vocabulary,
    bos_token_id: 0,
    eos_token_id: 1,
  });
  return vocabularyMetadata(
    await readTokenTable(folder),
    await readSpecialTokens(folder, config),
    vocabulary,
  );
}
const smolLm = {
  type: 'Sequence',
  pretokenizers: [
    { type: 'Digits', individual_digits: true },
    { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  ],
};

test('the tokenizer.json of SmolLM2 becomes the vocabulary of the released GGUF', async () => {
  const keys = ['tokens', 'merges', 'token_type'].map((key) => `tokenizer.ggml.${key}`);
  const { metadata } = await readGguf(process.env['ALTIPLANO_STARTER_MODEL'] ?? '', new Set(keys));
  const list = <T>(key: string) => metadata.get(`tokenizer.ggml.${key}`) as readonly T[];
  const tokens = list<string>('tokens');
  const added = tokens
    .map((content, id) => ({ id, content, special: true }))
    .filter(({ id }) => list<number>('token_type')[id] === 3);
  const own = await metadataOf(
    {
      'tokenizer.json': JSON.stringify({
        ...{ added_tokens: added, normalizer: null, pre_tokenizer: smolLm, post_processor: null },
        model: {
          type: 'BPE',
          vocab: Object.fromEntries(tokens.map((text, id) => [text, id])),
          merges: list<string>('merges').map((merge) => merge.split(' ')),
        },
      }),
      'tokenizer_config.json': JSON.stringify({
        bos_token: '<|im_start|>',
        eos_token: '<|im_end|>',
        unk_token: '<|endoftext|>',
        pad_token: '<|im_end|>',
      }),
      'chat_template.jinja': 'the template',
    },
    tokens.length,
  );
  expect(own['tokenizer.ggml.tokens']).toEqual(tokens);
  expect(own['tokenizer.ggml.merges']).toEqual(list('merges'));
  expect([...(own['tokenizer.ggml.token_type'] as Int32Array)]).toEqual(list('token_type'));
  for (const key of [
    'model',
    'pre',
    'bos_token_id',
    'eos_token_id',
    'unknown_token_id',
    'padding_token_id',
    'add_bos_token',
  ]) {
    expect([key, own[`tokenizer.ggml.${key}`]]).toEqual([key, metadata.get(`tokenizer.ggml.${key}`)]);
  }
  expect(own['tokenizer.chat_template']).toBe('the template');
});

describe('SentencePiece', () => {
  const pieces = sentencePieceFile(hfShape);

  test('its own ids go before those of config.json, which early conversions have wrong', async () => {
    const own = await metadataOf({
      'tokenizer.model': pieces,
      'tokenizer_config.json': '{"bos_token": "", "eos_token": ""}',
    });
    expect(own).toMatchObject({
      'tokenizer.ggml.bos_token_id': 1,
      'tokenizer.ggml.eos_token_id': 2,
      'tokenizer.ggml.add_bos_token': true,
    });
    expect(own).not.toHaveProperty('tokenizer.ggml.padding_token_id');
  });

  test('added tokens, and rows that no token has, are filled in', async () => {
    const size = hfShape.vocabulary + 4;
    const own = await metadataOf(
      {
        'tokenizer.model': pieces,
        'added_tokens.json': JSON.stringify({ '<|prompter|>': size - 4, extra: size - 3, beyond: size }),
        'tokenizer_config.json': JSON.stringify({ pad_token: { content: 'extra' }, add_bos_token: false }),
      },
      size,
    );
    expect((own['tokenizer.ggml.tokens'] as string[]).slice(-4)).toEqual([
      '<|prompter|>',
      'extra',
      `[PAD${size - 2}]`,
      `[PAD${size - 1}]`,
    ]);
    expect([...(own['tokenizer.ggml.token_type'] as Int32Array).slice(-4)]).toEqual([3, 3, 5, 5]);
    expect(own).toMatchObject({
      'tokenizer.ggml.padding_token_id': size - 3,
      'tokenizer.ggml.add_bos_token': false,
    });
  });

  test('more tokens than the model has rows are refused', async () => {
    await expect(metadataOf({ 'tokenizer.model': pieces }, hfShape.vocabulary - 1)).rejects.toMatchObject({
      code: 'bad-input',
    });
  });
});

describe('the rule by which text is cut', () => {
  const llama3 = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
  const split = (Regex: string) => ({
    type: 'Sequence',
    pretokenizers: [
      { type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    ],
  });

  test('is recognised by what it says', () => {
    expect(preTokenizerName(split(llama3), true)).toBe('llama-bpe');
    expect(preTokenizerName(smolLm, false)).toBe('smollm');
    expect(preTokenizerName({ type: 'ByteLevel', add_prefix_space: false, trim_offsets: true }, false)).toBe(
      'gpt-2',
    );
  });

  test.each([
    [split(llama3.replace('{1,3}', '{1,4}'))],
    [{ type: 'Whitespace' }],
    [null],
    [{ type: 'ByteLevel', add_prefix_space: true }],
  ])('is refused when it is another one: %j', (rule) => {
    expect(() => preTokenizerName(rule, false)).toThrow('cuts text in a way that is not known here');
  });
});
