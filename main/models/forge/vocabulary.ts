/** Owns a vocabulary on its way into GGUF: tokens by id, filled up to the model's rows, and its special tokens; reads no file. */
import { t } from '../../../preload/contract/language.js';
import { brokenFile } from './exact-bytes.js';
import type { Metadata } from './gguf-header.js';

/** `LLAMA_TOKEN_TYPE_…` of llama.h. */
export const tokenTypes = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

export type Token = { readonly text: string; readonly score: number; readonly type: number };
type SpecialName = 'bos' | 'eos' | 'unk' | 'pad';

/** What a file of a tokeniser says. */
export type TokenTable = {
  /** llama.cpp's names: pieces with scores, or bytes with merges. */
  readonly kind: 'llama' | 'gpt2';
  readonly pre: string;
  /** By id; null where no token has the id. */
  readonly tokens: readonly (Token | null)[];
  readonly merges: readonly string[] | null;
  /** The token that is put before every text, where the file says so. */
  readonly firstToken: string | null;
  readonly ids: Partial<Readonly<Record<SpecialName, number | null>>>;
  /** Null where it has no meaning. */
  readonly addSpacePrefix: boolean | null;
};

/** What stands beside the tokeniser's file. */
export type SpecialTokens = {
  /** Tokens that were added later. */
  readonly added: readonly { readonly id: number; readonly text: string; readonly special: boolean }[];
  /** By name, where the tokeniser's own configuration names them. */
  readonly names: Partial<Readonly<Record<SpecialName, string>>>;
  /** As config.json has them: the last resort, for early conversions have wrong ones. */
  readonly configIds: Partial<Readonly<Record<SpecialName, number | null>>>;
  /** Null where nothing is said. */
  readonly addBos: boolean | null;
  readonly addEos: boolean | null;
  readonly chatTemplate: string | null;
};

/** Lower than any score of a trained piece, so that it never wins a merge. */
const addedScore = -1000;

/**
 * @param size rows of the embeddings; ids without a token get a name that nothing is tokenised to, and added tokens
 *   without a row are left out: some fine-tunes name a padding that their model never learned
 * @throws AppError bad-input when the tokens are more than the rows
 */
export function vocabularyMetadata(table: TokenTable, special: SpecialTokens, size: number): Metadata {
  const learned = table.tokens.reduce(
    (count, token, id) => (token === null || isAdded(token) ? count : id + 1),
    0,
  );
  if (learned > size) throw tooMany(learned, size);
  const tokens = table.tokens.slice(0, size);
  for (const { id, text, special: control } of special.added) {
    if (id >= size) continue;
    if (tokens[id]?.text === text && tokens[id].type !== tokenTypes.normal) continue;
    tokens[id] = { text, score: addedScore, type: control ? tokenTypes.control : tokenTypes.userDefined };
  }
  const whole = Array.from(
    { length: size },
    (_, id): Token => tokens[id] ?? { text: `[PAD${id}]`, score: addedScore, type: tokenTypes.unused },
  );
  const ids = specialIds(table, special, whole);
  const bosText = ids.bos === null ? null : whole[ids.bos]!.text;
  const addBos =
    special.addBos ?? (table.kind === 'llama' || (bosText !== null && table.firstToken === bosText));
  return {
    'tokenizer.ggml.model': table.kind,
    'tokenizer.ggml.pre': table.pre,
    'tokenizer.ggml.tokens': whole.map(({ text }) => text),
    ...(table.kind === 'llama'
      ? { 'tokenizer.ggml.scores': Float32Array.from(whole, ({ score }) => score) }
      : {}),
    'tokenizer.ggml.token_type': Int32Array.from(whole, ({ type }) => type),
    ...(table.merges === null ? {} : { 'tokenizer.ggml.merges': table.merges }),
    ...(ids.bos === null ? {} : { 'tokenizer.ggml.bos_token_id': ids.bos }),
    ...(ids.eos === null ? {} : { 'tokenizer.ggml.eos_token_id': ids.eos }),
    ...(ids.unk === null ? {} : { 'tokenizer.ggml.unknown_token_id': ids.unk }),
    ...(ids.pad === null ? {} : { 'tokenizer.ggml.padding_token_id': ids.pad }),
    'tokenizer.ggml.add_bos_token': addBos,
    'tokenizer.ggml.add_eos_token': special.addEos ?? false,
    ...(table.addSpacePrefix === null ? {} : { 'tokenizer.ggml.add_space_prefix': table.addSpacePrefix }),
    ...(special.chatTemplate === null ? {} : { 'tokenizer.chat_template': special.chatTemplate }),
  };
}

function isAdded({ type }: Token): boolean {
  return type === tokenTypes.control || type === tokenTypes.userDefined;
}

/** What the tokeniser's own configuration names goes before what its file says, and that before config.json. */
function specialIds(
  table: TokenTable,
  { names, configIds }: SpecialTokens,
  tokens: readonly Token[],
): Record<SpecialName, number | null> {
  const find = (name: SpecialName) => {
    const text = names[name];
    const named = text === undefined || text === '' ? -1 : tokens.findIndex((token) => token.text === text);
    const id = named >= 0 ? named : (table.ids[name] ?? configIds[name] ?? null);
    return id !== null && id < tokens.length ? id : null;
  };
  return { bos: find('bos'), eos: find('eos'), unk: find('unk'), pad: find('pad') };
}

function tooMany(tokens: number, rows: number) {
  return brokenFile(
    t('The tokenizer'),
    t('it has {tokens} tokens, and the model only {rows}', { tokens, rows }),
    t('Check that all files of the folder are of the same model.'),
  );
}
