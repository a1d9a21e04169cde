/** Owns turning the vocabulary of a GGML file into GGUF's: marks, bytes, pieces and their scores; reads no file. */
import { t } from '../../../preload/contract/language.js';
import type { LegacyFile } from './legacy-file.js';
import type { Metadata } from './gguf-header.js';
import { brokenFile } from './exact-bytes.js';
import { tokenTypes } from './vocabulary.js';

/** LLaMA's vocabulary begins with three marks, then has a token for each byte. */
const marks = [
  { text: '<unk>', type: tokenTypes.unknown },
  { text: '<s>', type: tokenTypes.control },
  { text: '</s>', type: tokenTypes.control },
] as const;
const firstPiece = marks.length + 256;
/** Tokens of LLaMA itself; what comes behind was added by who trained the model further. */
const llamaTokens = 32_000;
/** What converters of that time gave to added tokens: they never win a merge. */
const addedScore = -1000;

/** @throws AppError bad-input when two tokens have the same text */
export function legacyVocabulary({ tokens }: Pick<LegacyFile, 'tokens'>, name: string): Metadata {
  const entries = tokens.map(({ text, score }, id) => ({ ...entry(text, id), score: score ?? scoreOf(id) }));
  const texts = entries.map(({ text }) => text);
  if (new Set(texts).size !== texts.length) throw brokenFile(name, t('a token is in its vocabulary twice'));
  return {
    'tokenizer.ggml.model': 'llama',
    'tokenizer.ggml.pre': 'default',
    'tokenizer.ggml.tokens': texts,
    'tokenizer.ggml.scores': Float32Array.from(entries, ({ score }) => score),
    'tokenizer.ggml.token_type': Int32Array.from(entries, ({ type }) => type),
    'tokenizer.ggml.bos_token_id': 1,
    'tokenizer.ggml.eos_token_id': 2,
    'tokenizer.ggml.unknown_token_id': 0,
    'tokenizer.ggml.add_bos_token': true,
    'tokenizer.ggml.add_eos_token': false,
  };
}

function entry(bytes: Buffer, id: number): { text: string; type: number } {
  const mark = marks[id];
  if (mark !== undefined) return mark;
  const text = bytes.toString('utf8').replaceAll(' ', '▁');
  if (id < firstPiece && bytes.length === 1) {
    return { text: `<0x${bytes.toString('hex').toUpperCase()}>`, type: tokenTypes.byte };
  }
  // Texts of control tokens were left out.
  if (bytes.length === 0) return { text: `<control ${id}>`, type: tokenTypes.control };
  if (id < llamaTokens) return { text, type: tokenTypes.normal };
  return /^(<.+>|\[[A-Z]+\])$/.test(text)
    ? { text, type: tokenTypes.control }
    : { text: bytes.toString('utf8'), type: tokenTypes.userDefined };
}

/** In LLaMA's vocabulary the score of a piece is its place in the order of merges, so it can be known without the file. */
function scoreOf(id: number): number {
  if (id >= llamaTokens) return addedScore;
  return id < firstPiece ? 0 : firstPiece - id;
}
