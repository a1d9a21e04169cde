/** Owns what the engine reads of a file's vocabulary: which tokens are marks, and their texts. */
import type { LlamaModel, Token } from 'node-llama-cpp';
import type { GgufHeader } from './gguf.js';
import type { Vocabulary } from './tokens.js';

const tokensKey = 'tokenizer.ggml.tokens';
const typesKey = 'tokenizer.ggml.token_type';
/** Long arrays of the header that a vocabulary is made from. */
export const vocabularyKeys: ReadonlySet<string> = new Set([tokensKey, typesKey]);

/** `LLAMA_TOKEN_TYPE_CONTROL` and `LLAMA_TOKEN_TYPE_USER_DEFINED` of llama.h. */
const controlType = 3;
const userDefinedType = 4;
/** How added tokens look that stand for a place in a template, unlike runs of spaces and words. */
const mark = /^(?:<[^<>\s]+>|\[[^[\]\s]+\])$/;

/** @param header read with `vocabularyKeys` */
export function readVocabulary({ metadata }: GgufHeader, model: LlamaModel): Vocabulary {
  const list = (key: string): readonly unknown[] => {
    const value = metadata.get(key);
    return Array.isArray(value) ? value : [];
  };
  const types = list(typesKey);
  const controlTokens = new Map<string, Token>();
  const userDefined: string[] = [];
  const names = list(tokensKey);
  names.forEach((name, id) => {
    if (typeof name !== 'string') return;
    const isMark = types[id] === controlType || (types[id] === userDefinedType && mark.test(name));
    if (isMark) controlTokens.set(name, id as Token);
    if (isMark && types[id] === userDefinedType) userDefined.push(name);
  });
  let texts: readonly string[] | null = null;
  return {
    controlTokens,
    tokenTexts: () => (texts ??= names.map((_, id) => model.detokenize([id as Token], true))),
    size: names.length,
    nameOf: (token) => String(names[token] ?? ''),
    bos: model.tokens.bos,
    addBos: model.tokens.shouldPrependBosToken,
    tokenize: plainTokenizer(model, userDefined),
  };
}

/**
 * llama.cpp parses user-defined tokens in any text. Those that are marks are cut after their first letter, so that
 * text never becomes one.
 */
function plainTokenizer(
  model: Pick<LlamaModel, 'tokenize'>,
  marks: readonly string[],
): (text: string) => readonly Token[] {
  if (marks.length === 0) return (text) => model.tokenize(text, false);
  return (text) => {
    const cuts = marks
      .flatMap((name) => indexesOf(text, name))
      .map((at) => at + 1)
      .sort((a, b) => a - b);
    const ends = [...cuts, text.length];
    return [0, ...cuts].flatMap((start, index) =>
      model.tokenize(text.slice(start, ends[index]), false, start === 0 ? undefined : 'trimLeadingSpace'),
    );
  };
}

function indexesOf(text: string, part: string): number[] {
  const indexes: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) indexes.push(at);
  return indexes;
}

/** True when a token means the same to both. @param a read with `vocabularyKeys`, as b */
export function sharesVocabulary(a: GgufHeader, b: GgufHeader): boolean {
  const same = (key: string) => a.metadata.get(key) === b.metadata.get(key);
  const [tokens, others] = [a.metadata.get(tokensKey), b.metadata.get(tokensKey)];
  return (
    ['model', 'bos_token_id', 'eos_token_id'].every((name) => same(`tokenizer.ggml.${name}`)) &&
    Array.isArray(tokens) &&
    Array.isArray(others) &&
    tokens.length === others.length &&
    tokens.every((token, id) => token === others[id])
  );
}
