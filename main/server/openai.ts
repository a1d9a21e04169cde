/** Owns the part of OpenAI's API that is answered here: chat completions, completions, embeddings and the list of models. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Prompt } from '../../preload/contract/engine.js';
import type { WrittenToken } from '../../preload/contract/tokens.js';
import { ApiError, badField, openAiForm } from './api-error.js';
import { answer, type Exchange } from './answering.js';
import type { Backend, Job, Written } from './backend.js';
import { chatLogprobs, chatTop, completionLogprobs, completionTop, lettersIn } from './logprobs.js';
import { bodyOf, type Body, type Note } from './requests.js';
import { samplingOf } from './sampling.js';
import { openAiToolsOf, readAnswer, toolDemand, withDemand, type Answer } from './tools.js';
import { chatPrompt, messageSchema } from './turns.js';

const chatSchema = z.looseObject({
  messages: z.array(messageSchema).min(1),
  stream: z.boolean().nullable().optional(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullable().optional(),
});
const completionSchema = z.looseObject({
  prompt: z.union([
    z.string(),
    z.array(z.string()).length(1),
    z.array(z.number().int().nonnegative()).min(1),
  ]),
  stream: z.boolean().nullable().optional(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullable().optional(),
  echo: z.boolean().nullable().optional(),
});
const embeddingSchema = z.looseObject({
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2048)]),
  encoding_format: z.enum(['float', 'base64']).optional(),
});

export function openAiRoutes(app: FastifyInstance, backend: Backend, note: Note): void {
  app.get('/v1/models', async () => ({
    object: 'list',
    data: (await modelsOf(backend)).map((id) => modelEntry(id, backend)),
  }));
  app.get<{ Params: { id: string } }>('/v1/models/:id', async ({ params: { id } }) => {
    const found = (await modelsOf(backend)).find((name) => name === id);
    if (found === undefined) throw new ApiError(404, `There is no model “${id}” here.`, { param: 'model' });
    return modelEntry(found, backend);
  });
  app.post('/v1/chat/completions', (request, reply) => chat(backend, note, request, reply));
  app.post('/v1/completions', (request, reply) => complete(backend, note, request, reply));
  app.post('/v1/embeddings', (request) => embed(backend, note, request));
}

const modelsOf = async (backend: Backend): Promise<string[]> => {
  const name = await backend.modelName();
  return name === null ? [] : [name];
};
/** The context as OpenRouter tells it. */
const modelEntry = (id: string, { contextSize }: Backend) => {
  const size = contextSize();
  const told = size === null ? {} : { context_length: size };
  return { id, object: 'model', created: 0, owned_by: 'altiplano', ...told };
};

async function chat(
  backend: Backend,
  note: Note,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const body = bodyOf(chatSchema, request.body);
  refuseUnknown(body);
  const { tools, choice } = openAiToolsOf(body);
  const demand = toolDemand(tools, choice);
  const prompt = chatPrompt(body.messages, demand === null ? [] : [demand.words]);
  const sampling = withDemand(samplingOf(body, await backend.sampling()), demand);
  const shape: Shape = {
    ...{ id: `chatcmpl-${randomUUID()}`, object: 'chat.completion' },
    whole: (written) => {
      const said = readAnswer(written.text, demand);
      return {
        message: { role: 'assistant', ...messageOf(said), refusal: null },
        finish_reason: finish(written, said),
      };
    },
    first: { delta: { role: 'assistant', content: '' } },
    piece: (text) => ({ delta: { content: text } }),
    last: (written) => {
      const said = readAnswer(written.text, demand);
      // A call is told once it is whole.
      const delta = demand === null ? {} : messageOf(said, true);
      return { delta, finish_reason: finish(written, said) };
    },
    holdsText: demand !== null,
    logprobs: chatLogprobs,
  };
  const job = { prompt, sampling, ...topTokens(chatTop(body)) };
  return tell({ backend, note, request, reply }, job, body, shape);
}

async function complete(
  backend: Backend,
  note: Note,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const body = bodyOf(completionSchema, request.body);
  refuseUnknown(body);
  const text = await promptText(backend, body.prompt);
  const prompt: Prompt = { kind: 'text', text, marks: true };
  const sampling = samplingOf(body, await backend.sampling());
  const head = body.echo === true ? text : '';
  const shape: Shape = {
    ...{ id: `cmpl-${randomUUID()}`, object: 'text_completion' },
    whole: (written) => ({ text: head + written.text, finish_reason: finish(written) }),
    first: head === '' ? null : { text: head },
    piece: (piece) => ({ text: piece }),
    last: (written) => ({ text: '', finish_reason: finish(written) }),
    holdsText: false,
    logprobs: completionLogprobs,
  };
  const job = { prompt, sampling, ...topTokens(completionTop(body)) };
  return tell({ backend, note, request, reply }, job, body, shape);
}

const topTokens = (top: number | null) => (top === null ? {} : { topTokens: top });

async function promptText(backend: Backend, prompt: string | readonly (string | number)[]): Promise<string> {
  if (typeof prompt === 'string') return prompt;
  const [first] = prompt;
  return typeof first === 'string' ? first : backend.detokenize(prompt as readonly number[]);
}

async function embed(backend: Backend, note: Note, request: FastifyRequest): Promise<unknown> {
  const { input, encoding_format } = bodyOf(embeddingSchema, request.body);
  const texts = typeof input === 'string' ? [input] : input;
  const { vectors, tokens } = await backend.embed(texts);
  note(request, { promptTokens: tokens, tokens: 0 });
  const form = (vector: readonly number[]) =>
    encoding_format === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector;
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: form(vector) })),
    model: await backend.modelName(),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** How one kind of answer is written, whole and in pieces. */
type Shape = {
  readonly id: string;
  readonly object: string;
  readonly whole: (written: Written) => object;
  readonly first: object | null;
  readonly piece: (text: string) => object;
  readonly last: (written: Written) => object;
  /** The text is told at the end, when it is known what it is. */
  readonly holdsText: boolean;
  /** @param offset where the first token begins in the text, in characters */
  readonly logprobs: (tokens: readonly WrittenToken[], offset: number) => object;
};

async function tell(
  exchange: Exchange,
  job: Job,
  body: {
    readonly stream?: boolean | null | undefined;
    readonly stream_options?: { include_usage?: boolean | undefined } | null | undefined;
  },
  { id, object, ...shape }: Shape,
): Promise<unknown> {
  const common = {
    id,
    created: Math.floor(Date.now() / 1000),
    model: await exchange.backend.modelName(),
    system_fingerprint: null,
  };
  let offset = 0;
  const held: WrittenToken[] = [];
  const logprobs = (tokens: readonly WrittenToken[]) => {
    if (job.topTokens === undefined || tokens.length === 0) return { logprobs: null };
    const start = offset;
    offset += tokens.reduce((count, token) => count + lettersIn(token), 0);
    return { logprobs: shape.logprobs(tokens, start) };
  };
  const showsUse = body.stream_options?.include_usage === true;
  const chunk = (choice: object | null, usage?: object) =>
    `data: ${JSON.stringify({
      ...common,
      object: object === 'chat.completion' ? 'chat.completion.chunk' : object,
      choices: choice === null ? [] : [{ index: 0, finish_reason: null, logprobs: null, ...choice }],
      ...(showsUse ? { usage: usage ?? null } : {}),
    })}\n\n`;
  return answer(exchange, job, body.stream === true, {
    whole: (written, tokens) => ({
      ...common,
      object,
      choices: [{ index: 0, ...shape.whole(written), ...logprobs(tokens) }],
      usage: usageOf(written),
    }),
    start: () => (shape.first === null ? [] : [chunk(shape.first)]),
    piece: (text, tokens) => {
      if (!shape.holdsText) return [chunk({ ...shape.piece(text), ...logprobs(tokens) })];
      held.push(...tokens);
      return [];
    },
    end: (written) => [
      chunk({ ...shape.last(written), ...logprobs(held) }),
      ...(showsUse ? [chunk(null, usageOf(written))] : []),
      'data: [DONE]\n\n',
    ],
    failure: (error) => `data: ${JSON.stringify(openAiForm(error))}\n\n`,
  });
}

function messageOf({ text, calls }: Answer, isDelta = false): object {
  if (calls.length === 0) return { content: text };
  return {
    content: null,
    tool_calls: calls.map(({ name, arguments: args }, index) => ({
      ...(isDelta ? { index } : {}),
      id: `call_${randomUUID()}`,
      type: 'function',
      function: { name, arguments: JSON.stringify(args) },
    })),
  };
}

function finish({ stats }: Written, { calls }: Answer = { text: '', calls: [] }): string {
  if (calls.length > 0) return 'tool_calls';
  return stats.stopReason === 'max-tokens' || stats.stopReason === 'context-full' ? 'length' : 'stop';
}

const usageOf = ({ stats: { promptTokens, reusedTokens, tokens } }: Written) => ({
  prompt_tokens: promptTokens,
  completion_tokens: tokens,
  total_tokens: promptTokens + tokens,
  prompt_tokens_details: { cached_tokens: reusedTokens },
});

/** What would change the answer, and is not done here, is refused and not passed over. */
function refuseUnknown(body: Body): void {
  if ((body['n'] ?? 1) !== 1) throw badField('n', 'One answer to a request is what is given here.');
  if ((body['best_of'] ?? 1) !== 1)
    throw badField('best_of', 'One answer to a request is what is given here.');
  if (![undefined, null, ''].includes(body['suffix'] as never))
    throw badField('suffix', 'Texts are only gone on with here.');
  if (Array.isArray(body['modalities']) && body['modalities'].some((kind) => kind !== 'text'))
    throw badField('modalities', 'Text alone is written here.');
}
