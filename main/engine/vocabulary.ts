/** Owns what the engine reads of a file's vocabulary: which tokens are marks, and their texts. */
import type { LlamaModel, Token } from 'node-llama-cpp';
import type { GgufHeader } from './gguf.js';
import type { Vocabulary } from './tokens.js';

const tokensKey = 'tokenizer.ggml.tokens';
const typesKey = 'tokenizer.ggml.token_type';
/** Long arrays of the header that a vocabulary is made from. */
export const vocabularyKeys: ReadonlySet<string> = new Set([tokensKey, typesKey]);

/** `LLAMA_TOKEN_TYPE_CONTROL` of llama.h. */
const controlType = 3;

/** @param header read with `vocabularyKeys` */
export function readVocabulary({ metadata }: GgufHeader, model: LlamaModel): Vocabulary {
  const list = (key: string): readonly unknown[] => {
    const value = metadata.get(key);
    return Array.isArray(value) ? value : [];
  };
  const types = list(typesKey);
  const controlTokens = new Map<string, Token>();
  const names = list(tokensKey);
  names.forEach((name, id) => {
    if (typeof name !== 'string') return;
    if (types[id] === controlType) controlTokens.set(name, id as Token);
  });
  let texts: readonly string[] | null = null;
  return {
    controlTokens,
    tokenTexts: () => (texts ??= names.map((_, id) => model.detokenize([id as Token], true))),
    size: names.length,
    bos: model.tokens.bos,
    addBos: model.tokens.shouldPrependBosToken,
    tokenize: (plain) => model.tokenize(plain, false),
  };
}
