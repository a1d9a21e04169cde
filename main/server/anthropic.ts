/** Owns the part of Anthropic's API that is answered here: messages. */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { answer } from './answering.js';
import { anthropicForm } from './api-error.js';
import type { Backend, Written } from './backend.js';
import { bodyOf, type Note } from './requests.js';
import { samplingOf } from './sampling.js';
import { anthropicToolsOf, readAnswer, toolDemand, withDemand, type Answer } from './tools.js';
import { chatPrompt, messageSchema, textOf } from './turns.js';

const schema = z.looseObject({
  messages: z.array(messageSchema).min(1),
  system: messageSchema.shape.content,
  max_tokens: z.number().int().positive(),
  stream: z.boolean().optional(),
});

export function anthropicRoutes(app: FastifyInstance, backend: Backend, note: Note): void {
  app.post('/v1/messages', (request, reply) => message(backend, note, request, reply));
}

/** @see https://docs.anthropic.com/en/api/messages */
async function message(
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
  const sampling = withDemand(samplingOf(body, await backend.sampling()), demand);
  const model = await backend.modelName();
  const common = { id: `msg_${randomUUID()}`, type: 'message', role: 'assistant', model };
  const event = (name: string, data: object) =>
    `event: ${name}\ndata: ${JSON.stringify({ type: name, ...data })}\n\n`;
  const open = (index: number, content_block: object) =>
    event('content_block_start', { index, content_block });
  const delta = (index: number, change: object) => event('content_block_delta', { index, delta: change });
  const close = (index: number) => event('content_block_stop', { index });
  const start = {
    ...{ content: [], stop_reason: null, stop_sequence: null },
    usage: { input_tokens: 0, output_tokens: 0 },
  };
  /** A block that is told at once, when it is known what it is. */
  const wholeBlock = (block: Block, index: number): string[] => {
    const [shell, change] =
      block.type === 'text'
        ? [
            { type: 'text', text: '' },
            { type: 'text_delta', text: block.text },
          ]
        : [
            { ...block, input: {} },
            { type: 'input_json_delta', partial_json: JSON.stringify(block.input) },
          ];
    return [open(index, shell), delta(index, change), close(index)];
  };
  return answer({ backend, note, request, reply }, { prompt, sampling }, body.stream === true, {
    whole: (written) => {
      const said = readAnswer(written.text, demand);
      return { ...common, content: blocksOf(said), ...stopOf(written, said), usage: usageOf(written) };
    },
    start: () => [
      event('message_start', { message: { ...common, ...start } }),
      ...(demand === null ? [open(0, { type: 'text', text: '' })] : []),
    ],
    piece: (text) => (demand === null ? [delta(0, { type: 'text_delta', text })] : []),
    end: (written) => {
      const said = readAnswer(written.text, demand);
      return [
        ...(demand === null ? [close(0)] : blocksOf(said).flatMap(wholeBlock)),
        event('message_delta', { delta: stopOf(written, said), usage: usageOf(written) }),
        event('message_stop', {}),
      ];
    },
    failure: (error) => event('error', anthropicForm(error)),
  });
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
