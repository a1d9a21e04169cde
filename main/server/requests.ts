/** Owns what every route does with a request: reads its body, and notices when its sender is gone. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ReplyStats } from '../../preload/contract/chats.js';
import { ApiError, badField } from './api-error.js';

export type Body = Readonly<Record<string, unknown>>;

/** Keeps with a request what came of it, for the log. */
export type Note = (request: FastifyRequest, outcome: Outcome) => void;
export type Outcome = Partial<Pick<ReplyStats, 'promptTokens' | 'tokens'>> & { readonly error?: string };

/** @throws ApiError 400 that names the first field that is wrong */
export function bodyOf<S extends z.ZodType>(schema: S, body: unknown): z.output<S> & Body {
  if (typeof body !== 'object' || body === null) throw new ApiError(400, 'The body must be a JSON object.');
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data as z.output<S> & Body;
  const issue = parsed.error.issues[0];
  throw badField(issue?.path.join('.') ?? 'body', issue?.message ?? 'This can’t be read.');
}

/** Comes when the sender has gone away before the answer. */
export function gone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}
