/** Owns how the messages of a request become the turns of a prompt, whichever of the two APIs they come from. */
import { z } from 'zod';
import type { ChatPrompt, PromptMessage } from '../../preload/contract/engine.js';
import { badField } from './api-error.js';
import { callText } from './tools.js';

const textPart = z.looseObject({ type: z.literal('text'), text: z.string() });
const otherPart = z.looseObject({ type: z.string() });
const contentSchema = z
  .union([z.string(), z.array(z.union([textPart, otherPart]))])
  .nullable()
  .optional();

export const messageSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: contentSchema,
  tool_calls: z
    .array(z.looseObject({ function: z.looseObject({ name: z.string(), arguments: z.string() }) }))
    .nullable()
    .optional(),
});
type Content = z.infer<typeof contentSchema>;
type Message = z.infer<typeof messageSchema>;

/**
 * The prompt; nothing of it is ever left out to make it fit. A last turn of the assistant is gone on with.
 * @throws ApiError 400 for what this model can't be shown
 */
export function chatPrompt(messages: readonly Message[], system: readonly string[] = []): ChatPrompt {
  const turns = messages.flatMap((message, index): PromptMessage[] => {
    const at = `messages.${index}.content`;
    const text = textOf(message.content, at);
    switch (message.role) {
      case 'system':
      case 'developer':
        return [{ role: 'system', text }];
      case 'tool':
        return [{ role: 'user', text: `Result of the tool:\n${text}` }];
      case 'assistant': {
        const calls = (message.tool_calls ?? []).map((call) =>
          callText(call.function.name, call.function.arguments),
        );
        return [{ role: 'assistant', text: [text, ...calls].filter((part) => part !== '').join('\n') }];
      }
      case 'user':
        return [{ role: 'user', text }];
    }
  });
  const told = [...system, ...turns.filter(({ role }) => role === 'system').map(({ text }) => text)];
  const head: PromptMessage[] = told.length === 0 ? [] : [{ role: 'system', text: told.join('\n\n') }];
  const rest = turns.filter(({ role }) => role !== 'system');
  if (rest.length === 0) throw badField('messages', 'There is no message to answer.');
  return { kind: 'chat', messages: [...head, ...rest], policy: 'stop' };
}

/** The text of a content that may come in parts. @param at where it stands, for errors */
export function textOf(content: Content, at: string): string {
  if (content === null || content === undefined) return '';
  if (typeof content === 'string') return content;
  return content
    .map((part) => {
      if (part.type === 'text') return (part as { readonly text: string }).text;
      if (part.type === 'tool_use') {
        const { name, input } = part as { readonly name?: unknown; readonly input?: unknown };
        return callText(String(name), JSON.stringify(input ?? {}));
      }
      if (part.type === 'tool_result') {
        const { content: result } = part as { readonly content?: Content };
        return `Result of the tool:\n${textOf(result, at)}`;
      }
      throw badField(at, `This model reads text alone, and no part of the type “${part.type}”.`);
    })
    .join('\n');
}
