/**
 * Owns the API as a whole: which routes there are, who is let in, how errors are told and what is logged. Listens
 * nowhere by itself.
 */
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ApiLogEntry } from '../../preload/contract/api-server.js';
import { anthropicRoutes } from './anthropic.js';
import { anthropicForm, ApiError, openAiForm, toApiError } from './api-error.js';
import type { Backend } from './backend.js';
import { checkKey, checkSender, type Door, type Knock } from './guard.js';
import { openAiRoutes } from './openai.js';
import { bodyOf, type Outcome } from './requests.js';

/** A conversation of a long context, and no more. */
const maxBodyBytes = 16 * 1024 * 1024;
/** For the whole of a request to arrive. */
const arrivalMs = 60_000;

export type ApiOptions = {
  readonly backend: Backend;
  /** As it is at each request. */
  readonly door: () => Door;
  /** Hears of each request when its answer has ended. */
  readonly onDone?: (entry: ApiLogEntry) => void;
};

const tokenizeSchema = z.looseObject({
  content: z.string(),
  add_special: z.boolean().optional(),
  parse_special: z.boolean().optional(),
});
const detokenizeSchema = z.looseObject({ tokens: z.array(z.number().int().nonnegative()) });

export function makeApi({ backend, door, onDone }: ApiOptions): FastifyInstance {
  const app = fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: arrivalMs,
    // A stream that nobody takes must not keep the app from ending.
    forceCloseConnections: true,
    return503OnClosing: true,
  });
  const outcomes = new WeakMap<FastifyRequest, Outcome>();
  const note = (request: FastifyRequest, outcome: Outcome) => void outcomes.set(request, outcome);
  let count = 0;

  app.addHook('onRequest', async (request) => {
    const knock = knockOf(request);
    checkSender(knock, door());
    // So that a watcher needs no key to see whether it is there.
    if (request.url !== '/health') checkKey(knock, door());
  });
  app.setErrorHandler((thrown, request, reply) => {
    const error = toApiError(thrown);
    note(request, { error: error.message });
    const form = request.url.startsWith('/v1/messages') ? anthropicForm(error) : openAiForm(error);
    void reply.status(error.status).send(form);
  });
  app.setNotFoundHandler(({ method, url }) => {
    throw new ApiError(404, `There is no ${method} ${url.split('?')[0] ?? ''} here.`);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { promptTokens = 0, tokens = 0, error = null } = outcomes.get(request) ?? {};
    onDone?.({
      ...{ id: ++count, atMs: Date.now(), from: request.ip, method: request.method },
      path: request.url.split('?')[0] ?? '',
      ...{ status: reply.statusCode, durationMs: reply.elapsedTime, promptTokens, tokens, error },
    });
  });

  app.get('/health', async () => ({ status: (await backend.modelName()) === null ? 'no model' : 'ok' }));
  app.post('/tokenize', async (request) => {
    const { content, parse_special = false } = bodyOf(tokenizeSchema, request.body);
    return { tokens: await backend.tokenize(content, parse_special) };
  });
  app.post('/detokenize', async (request) => {
    const { tokens } = bodyOf(detokenizeSchema, request.body);
    return { content: await backend.detokenize(tokens) };
  });
  openAiRoutes(app, backend, note);
  anthropicRoutes(app, backend, note);
  return app;
}

function knockOf({ headers }: FastifyRequest): Knock {
  const apiKey = headers['x-api-key'];
  return {
    ...{ host: headers.host, origin: headers.origin, authorization: headers.authorization },
    apiKey: typeof apiKey === 'string' ? apiKey : undefined,
  };
}
