/** Owns the part of Anthropic's API that is answered here: messages. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Sampling } from '../../preload/contract/parameters.js';
import { anthropicForm, toApiError } from './api-error.js';
import { pieces, whole, type Backend, type Written } from './backend.js';
import { bodyOf, gone, sayDone, type Note } from './requests.js';
import { samplingOf } from './sampling.js';
import { anthropicToolsOf, readAnswer, toolDemand, type Answer } from './tools.js';
import { chatPrompt, messageSchema, textOf } from './turns.js';

const schema = z.looseObject({
  messages: z.array(messageSchema).min(1),
  system: messageSchema.shape.content,
  max_tokens: z.number().int().positive(),
  stream: z.boolean().optional(),
});

export function anthropicRoutes(app: FastifyInstance, backend: Backend, note: Note): void {
  app.post('/v1/messages', (request, reply) => answer(backend, note, request, reply));
}

/** @see https://docs.anthropic.com/en/api/messages */
async function answer(
  backend: Backend,
  note: Note,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const body = bodyOf(schema, request.body);
  const { tools, choice } = anthropicToolsOf(body);
  const demand = toolDemand(tools, choice);
  const system = [textOf(body.system, 'system'), demand?.words ?? ''].filter((text) => text !== '');
  const prompt = chatPrompt(body.messages, system);
  const usual = samplingOf(body, await backend.sampling());
  const sampling: Sampling =
    demand === null ? usual : { ...usual, json_schema: demand.schema, grammar_string: '' };
  const job = { prompt, sampling };
  const read = ({ text }: Written): Answer => (demand === null ? { text, calls: [] } : readAnswer(text));
  const model = await backend.modelName();
  const common = { id: `msg_${randomUUID()}`, type: 'message', role: 'assistant', model };
  if (body.stream !== true) {
    const written = await whole(backend, job, gone(reply));
    note(request, written.stats);
    const said = read(written);
    return { ...common, content: blocksOf(said), ...stopOf(written, said), usage: usageOf(written) };
  }
  const event = (name: string, data: object) =>
    `event: ${name}\ndata: ${JSON.stringify({ type: name, ...data })}\n\n`;
  async function* events(): AsyncGenerator<string> {
    const text = pieces(backend, job);
    const start = {
      content: [],
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 0, output_tokens: 0 },
    };
    const open = (index: number, content_block: object) =>
      event('content_block_start', { index, content_block });
    const delta = (index: number, change: object) => event('content_block_delta', { index, delta: change });
    const close = (index: number) => event('content_block_stop', { index });
    try {
      yield event('message_start', { message: { ...common, ...start } });
      if (demand === null) yield open(0, { type: 'text', text: '' });
      for (;;) {
        const next = await text.next();
        if (next.done === true) {
          note(request, next.value.stats);
          const said = read(next.value);
          if (demand === null) yield close(0);
          else {
            for (const [index, block] of blocksOf(said).entries()) {
              if (block.type === 'text') {
                yield open(index, { type: 'text', text: '' });
                yield delta(index, { type: 'text_delta', text: block.text });
              } else {
                yield open(index, { ...block, input: {} });
                yield delta(index, { type: 'input_json_delta', partial_json: JSON.stringify(block.input) });
              }
              yield close(index);
            }
          }
          yield event('message_delta', { delta: stopOf(next.value, said), usage: usageOf(next.value) });
          yield event('message_stop', {});
          return;
        }
        if (demand === null) yield delta(0, { type: 'text_delta', text: next.value });
      }
    } catch (thrown) {
      const error = toApiError(thrown);
      sayDone(note, request, error);
      yield event('error', anthropicForm(error));
    } finally {
      await text.return(undefined as never).catch(() => undefined);
    }
  }
  return reply
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(Readable.from(events()));
}

type Block =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown };

function blocksOf({ text, calls }: Answer): Block[] {
  if (calls.length === 0) return [{ type: 'text', text }];
  return calls.map(({ name, arguments: input }) => ({
    type: 'tool_use',
    id: `toolu_${randomUUID()}`,
    name,
    input,
  }));
}

function stopOf({ stats }: Written, { calls }: Answer): { stop_reason: string; stop_sequence: null } {
  const isCut = stats.stopReason === 'max-tokens' || stats.stopReason === 'context-full';
  const ended = stats.stopReason === 'stop-string' ? 'stop_sequence' : 'end_turn';
  return { stop_reason: calls.length > 0 ? 'tool_use' : isCut ? 'max_tokens' : ended, stop_sequence: null };
}

const usageOf = ({ stats: { promptTokens, reusedTokens, tokens } }: Written) => ({
  input_tokens: promptTokens - reusedTokens,
  cache_read_input_tokens: reusedTokens,
  cache_creation_input_tokens: 0,
  output_tokens: tokens,
});
