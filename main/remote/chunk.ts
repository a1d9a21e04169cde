/** Owns reading one piece of a streamed answer, in the forms of OpenAI's two APIs and llama.cpp's extras. */
import { t } from '../../preload/contract/language.js';
import { z } from 'zod';
import { AppError } from '../../preload/contract/errors.js';
import { saidIn } from './refusal.js';

const count = z.number().nonnegative().nullish().catch(null);
const text = z.string().nullish();

const wordsSchema = z.looseObject({ content: text, reasoning_content: text, reasoning: text });
const chunkSchema = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        text,
        delta: wordsSchema.nullish(),
        /** Of an answer that is not streamed. */
        message: wordsSchema.nullish(),
        finish_reason: text,
      }),
    )
    .nullish(),
  usage: z
    .looseObject({
      prompt_tokens: count,
      completion_tokens: count,
      prompt_tokens_details: z.looseObject({ cached_tokens: count }).nullish(),
    })
    .nullish(),
  /** llama.cpp's. */
  timings: z.looseObject({ predicted_per_second: count, cache_n: count }).nullish(),
  prompt_progress: z.looseObject({ total: count, processed: count }).nullish(),
  error: z.unknown().optional(),
});

export type Chunk = {
  readonly text: string;
  readonly thinking: string;
  /** Why the reply ended; null while it goes on. */
  readonly finish: string | null;
  readonly promptTokens: number | null;
  readonly tokens: number | null;
  readonly reusedTokens: number | null;
  readonly tokensPerSecond: number | null;
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** What the server says of an error in place of the rest; null = there is none. */
  readonly error: string | null;
};

/** @throws AppError server-refused for what is no such piece */
export function readChunk(data: string): Chunk {
  const parsed = chunkSchema.safeParse(tryJson(data));
  if (!parsed.success) {
    throw new AppError({
      code: 'server-refused',
      message: t('The server sent a piece of a reply that Altiplano does not understand.'),
      hint: t('What was written is kept.'),
      details: data.slice(0, 500),
    });
  }
  const { choices, usage, timings, prompt_progress: progress, error } = parsed.data;
  const choice = choices?.[0];
  const words = choice?.delta ?? choice?.message;
  const reused = usage?.prompt_tokens_details?.cached_tokens ?? timings?.cache_n;
  const isError = error !== undefined && error !== null;
  return {
    text: choice?.text ?? words?.content ?? '',
    thinking: words?.reasoning_content ?? words?.reasoning ?? '',
    finish: choice?.finish_reason ?? null,
    promptTokens: usage?.prompt_tokens ?? null,
    tokens: usage?.completion_tokens ?? null,
    reusedTokens: reused ?? null,
    tokensPerSecond: timings?.predicted_per_second ?? null,
    progress: progress?.total ? { done: progress.processed ?? 0, total: progress.total } : null,
    error: isError ? saidIn({ error }) : null,
  };
}

function tryJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
