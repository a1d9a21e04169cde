/** Owns the form in which OpenAI's API tells what the model gave each token, and how it is asked for. */
import type { TokenShare, WrittenToken } from '../../preload/contract/tokens.js';
import { badField } from './api-error.js';
import type { Body } from './requests.js';

const most = 20;

/** How many of the likeliest to tell at each place; null = nothing is asked for. @throws ApiError 400 */
export function chatTop({ logprobs, top_logprobs }: Body): number | null {
  const top = top_logprobs ?? 0;
  if (!isCount(top)) throw badField('top_logprobs', `This is a whole number from 0 to ${most}.`);
  if (typeof (logprobs ?? false) !== 'boolean') throw badField('logprobs', 'This is true or false.');
  if (logprobs === true) return top;
  if (top > 0) throw badField('top_logprobs', 'This needs logprobs to be true.');
  return null;
}

/** As `chatTop`, for the older API, where `logprobs` is the number. @throws ApiError 400 */
export function completionTop({ logprobs, echo }: Body): number | null {
  if (logprobs === undefined || logprobs === null) return null;
  if (!isCount(logprobs)) throw badField('logprobs', `This is a whole number from 0 to ${most}.`);
  if (echo === true) throw badField('echo', 'With logprobs the prompt is not given back here.');
  return logprobs;
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most;

/** @see https://platform.openai.com/docs/api-reference/chat/object */
export const chatLogprobs = (tokens: readonly WrittenToken[]) => ({
  content: tokens.map((token) => ({ ...entry(token), top_logprobs: token.top.map(entry) })),
  refusal: null,
});

const entry = (share: TokenShare) => ({
  token: nameOf(share),
  logprob: share.logprob,
  bytes: share.bytes,
});

/**
 * @param offset where the first token begins in the text of the answer, in characters
 * @see https://platform.openai.com/docs/api-reference/completions/object
 */
export function completionLogprobs(tokens: readonly WrittenToken[], offset: number) {
  let end = offset;
  return {
    tokens: tokens.map(nameOf),
    token_logprobs: tokens.map(({ logprob }) => logprob),
    top_logprobs: tokens.map(({ top }) =>
      Object.fromEntries(top.map((share) => [nameOf(share), share.logprob])),
    ),
    text_offset: tokens.map((token) => {
      const start = end;
      end += lettersIn(token);
      return start;
    }),
  };
}

/** Characters that begin in a token, as UTF-8 has them: so that parts of one count once. */
export const lettersIn = ({ bytes }: TokenShare) => bytes.filter((byte) => (byte & 0xc0) !== 0x80).length;

/** A part of a character is named by its bytes. */
const nameOf = ({ text, bytes }: TokenShare) =>
  text.includes('\uFFFD')
    ? `bytes:${bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}`
    : text;
