/** Owns finding the vocabulary of a folder in Hugging Face's layout: which file, and what stands beside it; never tokenises. */
import { t } from '../../../preload/contract/language.js';
import { z } from 'zod';
import { AppError } from '../../../preload/contract/errors.js';
import type { LlamaConfig } from './llama-config.js';
import { readAll, readJson, readText, type ModelFolder } from './model-folder.js';
import { readSentencePiece } from './sentencepiece.js';
import { readTokenizerJson } from './tokenizer-json.js';
import type { SpecialTokens, TokenTable } from './vocabulary.js';

export const tokenizerFiles = ['tokenizer.model', 'tokenizer.json'] as const;

/** A token is named by its text, or by an object that holds it. */
const nameSchema = z
  .union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)])
  .nullish()
  .catch(null);
const namesSchema = z.looseObject({
  bos_token: nameSchema,
  eos_token: nameSchema,
  unk_token: nameSchema,
  pad_token: nameSchema,
});
const configSchema = namesSchema.extend({
  add_bos_token: z.boolean().nullish().catch(null),
  add_eos_token: z.boolean().nullish().catch(null),
  chat_template: z
    .union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))])
    .nullish()
    .catch(null),
  added_tokens_decoder: z
    .record(z.string(), z.looseObject({ content: z.string(), special: z.boolean().default(false) }))
    .nullish()
    .catch(null),
});

/** @throws AppError not-found when the folder holds no tokeniser, else as its reader */
export async function readTokenTable(folder: ModelFolder): Promise<TokenTable> {
  if (folder.files.has('tokenizer.model')) {
    const bytes = await readAll(folder, 'tokenizer.model');
    const { pieces, ids, addSpacePrefix } = readSentencePiece('tokenizer.model', bytes);
    return {
      kind: 'llama',
      pre: 'default',
      tokens: pieces,
      merges: null,
      firstToken: null,
      ids,
      addSpacePrefix,
    };
  }
  const content = await readJson(folder, 'tokenizer.json');
  if (content === null) {
    throw new AppError({
      code: 'not-found',
      message: t('{name} holds no tokenizer.', { name: folder.name }),
      hint: t('Put its tokenizer.model or tokenizer.json into the folder, and choose it again.'),
    });
  }
  return readTokenizerJson(content);
}

/** What the files beside the tokeniser say. @throws AppError bad-input for a file that is no JSON */
export async function readSpecialTokens(folder: ModelFolder, config: LlamaConfig): Promise<SpecialTokens> {
  const object = async <T>(file: string, schema: z.ZodType<T>) =>
    schema.safeParse((await readJson(folder, file)) ?? {}).data;
  const tokenizer = await object('tokenizer_config.json', configSchema);
  const map = await object('special_tokens_map.json', namesSchema);
  const added = await object('added_tokens.json', z.record(z.string(), z.int().nonnegative()));
  const name = (key: keyof z.infer<typeof namesSchema>) => {
    const text = tokenizer?.[key] || map?.[key];
    return typeof text === 'string' ? text : '';
  };
  const names = {
    bos: name('bos_token'),
    eos: name('eos_token'),
    unk: name('unk_token'),
    pad: name('pad_token'),
  };
  const special = new Set(Object.values(names));
  return {
    added: [
      ...Object.entries(added ?? {}).map(([text, id]) => ({
        id,
        text,
        special: special.has(text) || looksSpecial(text),
      })),
      ...Object.entries(tokenizer?.added_tokens_decoder ?? {}).map(([id, token]) => ({
        id: Number(id),
        text: token.content,
        special: token.special || looksSpecial(token.content),
      })),
    ].filter(({ id }) => Number.isSafeInteger(id) && id >= 0),
    names,
    configIds: config.tokenIds,
    addBos: tokenizer?.add_bos_token ?? null,
    addEos: tokenizer?.add_eos_token ?? null,
    chatTemplate: await chatTemplate(folder, tokenizer?.chat_template ?? null),
  };
}

/** Marks such as `<|im_start|>`, which their file does not always call special. */
function looksSpecial(text: string): boolean {
  return /^<[|｜].*[|｜]>$/.test(text) || ['[PAD]', '<pad>', '<s>', '</s>', '<unk>'].includes(text);
}

async function chatTemplate(
  folder: ModelFolder,
  inConfig: string | readonly { name: string; template: string }[] | null,
): Promise<string | null> {
  const own = await readText(folder, 'chat_template.jinja');
  if (own !== null) return own;
  if (typeof inConfig === 'string') return inConfig;
  const listed = inConfig?.find(({ name }) => name === 'default') ?? inConfig?.[0];
  if (listed !== undefined) return listed.template;
  const inFile = z
    .looseObject({ chat_template: z.string() })
    .safeParse(await readJson(folder, 'chat_template.json'));
  return inFile.success ? inFile.data.chat_template : null;
}
