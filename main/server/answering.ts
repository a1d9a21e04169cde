/** Owns the course of an answer, whole or as server-sent events, for every API; never its form. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WrittenToken } from '../../preload/contract/tokens.js';
import { toApiError, type ApiError } from './api-error.js';
import { pieces, type Backend, type Job, type Written } from './backend.js';
import { gone, type Note } from './requests.js';

/** Who is asked, who asks, and who hears what came of it. */
export type Exchange = {
  readonly backend: Backend;
  readonly note: Note;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};

/** How an API tells an answer. All but `whole` are events as they are sent. */
export type Telling = {
  readonly whole: (written: Written, tokens: readonly WrittenToken[]) => object;
  readonly start: () => readonly string[];
  readonly piece: (text: string, tokens: readonly WrittenToken[]) => readonly string[];
  readonly end: (written: Written) => readonly string[];
  /** The status is sent already: the error comes in its place in the stream. */
  readonly failure: (error: ApiError) => string;
};

export async function answer(
  { backend, note, request, reply }: Exchange,
  job: Job,
  isStream: boolean,
  telling: Telling,
): Promise<unknown> {
  if (!isStream) {
    const tokens: WrittenToken[] = [];
    const written = await backend.generate(job, (_, more) => tokens.push(...more), gone(reply));
    note(request, written.stats);
    return telling.whole(written, tokens);
  }
  // Noticed here too: nothing is taken from a generator that waits for its first word.
  const left = gone(reply);
  async function* events(): AsyncGenerator<string> {
    try {
      yield* telling.start();
      const written = yield* pieces(backend, job, telling.piece, left);
      note(request, written.stats);
      yield* telling.end(written);
    } catch (thrown) {
      const error = toApiError(thrown);
      note(request, { error: error.message });
      yield telling.failure(error);
    }
  }
  return reply
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(Readable.from(events()));
}
