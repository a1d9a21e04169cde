/**
 * Owns reading tokenizer.json (huggingface/tokenizers) as one of the two vocabularies that LLaMA models have: of bytes
 * (BPE as in GPT-2) or of pieces with bytes to fall back on (as in SentencePiece); never tokenises.
 */
import { t } from '../../../preload/contract/language.js';
import { z } from 'zod';
import { AppError } from '../../../preload/contract/errors.js';
import { brokenFile } from './exact-bytes.js';
import { preTokenizerName } from './pre-tokenizer.js';
import { tokenTypes, type Token, type TokenTable } from './vocabulary.js';

const id = z.int().nonnegative().max(4_000_000);
const addedSchema = z.looseObject({ id, content: z.string(), special: z.boolean().default(false) });
const tokenizerSchema = z.looseObject({
  added_tokens: z.array(addedSchema).default([]),
  normalizer: z.unknown().optional(),
  pre_tokenizer: z.unknown().optional(),
  post_processor: z.unknown().optional(),
  model: z.looseObject({
    /** Absent in files of 2023. */
    type: z.string().default('BPE'),
    vocab: z.record(z.string(), id),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
    byte_fallback: z.boolean().nullish(),
    ignore_merges: z.boolean().nullish(),
    unk_token: z.string().nullish(),
  }),
});
type Tokenizer = z.infer<typeof tokenizerSchema>;

/** @throws AppError bad-input, or model-unsupported for a tokeniser that llama.cpp would not follow exactly */
export function readTokenizerJson(content: unknown): TokenTable {
  const parsed = tokenizerSchema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw brokenFile(
      'tokenizer.json',
      t('its {field} makes no sense', { field: issue?.path.slice(0, 2).join('.') ?? '' }),
    );
  }
  const tokenizer = parsed.data;
  if (tokenizer.model.type !== 'BPE') throw unsupported(tokenizer.model.type);
  const tokens = tokensOf(tokenizer);
  const bosFirst = firstSpecialToken(tokenizer.post_processor);
  if (tokenizer.model.byte_fallback === true) return pieceTable(tokenizer, tokens, bosFirst);
  const merges = mergePairs(tokenizer).map((pair) => pair.map(withoutSpaces).join(' '));
  const pre = preTokenizerName(tokenizer.pre_tokenizer, tokenizer.model.ignore_merges === true);
  return { kind: 'gpt2', pre, tokens, merges, firstToken: bosFirst, ids: {}, addSpacePrefix: null };
}

/** The tokens by id; null where no token has the id. */
function tokensOf({ model, added_tokens }: Tokenizer): (Token | null)[] {
  let highest = -1;
  for (const at of Object.values(model.vocab)) highest = Math.max(highest, at);
  for (const { id: at } of added_tokens) highest = Math.max(highest, at);
  const tokens: (Token | null)[] = Array.from({ length: highest + 1 }, () => null);
  for (const [text, at] of Object.entries(model.vocab))
    tokens[at] = { text, score: 0, type: tokenTypes.normal };
  for (const { id: at, content: text, special } of added_tokens) {
    tokens[at] = { text, score: 0, type: special ? tokenTypes.control : tokenTypes.userDefined };
  }
  return tokens;
}

/**
 * SentencePiece merges the two neighbours whose piece has the highest score, tokenizer.json those of the earliest merge:
 * a piece scores by the first merge that makes it.
 */
function pieceTable(
  tokenizer: Tokenizer,
  tokens: readonly (Token | null)[],
  firstToken: string | null,
): TokenTable {
  const ranks = new Map<string, number>();
  for (const [rank, pair] of mergePairs(tokenizer).entries()) {
    const piece = pair.join('');
    if (!ranks.has(piece)) ranks.set(piece, rank);
  }
  const { unk_token: unknown } = tokenizer.model;
  const typed = tokens.map((token): Token | null => {
    if (token === null) return null;
    const score = -(ranks.get(token.text) ?? ranks.size);
    if (token.text === unknown) return { ...token, score: 0, type: tokenTypes.unknown };
    if (/^<0x[0-9A-F]{2}>$/.test(token.text)) return { ...token, score: 0, type: tokenTypes.byte };
    return token.type === tokenTypes.normal ? { ...token, score } : token;
  });
  return {
    ...{ kind: 'llama', pre: 'default', tokens: typed, merges: null, firstToken, ids: {} },
    addSpacePrefix: addsSpace(tokenizer),
  };
}

/** Llama’s files put the space there in the normaliser or, later, in the pre-tokeniser. */
function addsSpace({ normalizer, pre_tokenizer }: Tokenizer): boolean {
  const text = JSON.stringify([normalizer ?? null, pre_tokenizer ?? null]);
  return (
    /"type":"Prepend"/.test(text) ||
    (/"type":"Metaspace"/.test(text) && !/"prepend_scheme":"never"/.test(text))
  );
}

function mergePairs({ model }: Tokenizer): [string, string][] {
  return model.merges.map((merge) => {
    if (typeof merge !== 'string') return merge;
    const space = merge.indexOf(' ', 1);
    if (space === -1) throw brokenFile('tokenizer.json', t('its list of merges makes no sense'));
    return [merge.slice(0, space), merge.slice(space + 1)];
  });
}

/** GGUF keeps the two parts of a merge in one text; a space within a part is written as bytes are: by the sign 256 higher. */
function withoutSpaces(part: string): string {
  return part.replaceAll(' ', '\u0120');
}

const templateSchema = z.object({
  type: z.literal('TemplateProcessing'),
  single: z.array(z.object({ SpecialToken: z.object({ id: z.string() }).optional() })),
});

/** The token that the file puts before every text, if any. */
function firstSpecialToken(postProcessor: unknown): string | null {
  const sequence = z.object({ processors: z.array(z.unknown()) }).safeParse(postProcessor);
  for (const processor of sequence.success ? sequence.data.processors : [postProcessor]) {
    const template = templateSchema.safeParse(processor);
    if (template.success) return template.data.single[0]?.SpecialToken?.id ?? null;
  }
  return null;
}

function unsupported(type: string): AppError {
  return new AppError({
    code: 'model-unsupported',
    message: t('The vocabulary in tokenizer.json is of the kind {type}, which LLaMA models don’t have.', {
      type: type.slice(0, 50),
    }),
    hint: t('Look for a GGUF version of the model.'),
  });
}
