/** Owns which prompt of a chat the template doctor and the chart of samplers look at; never what they find. */
import type { ChatPrompt } from '../../preload/contract/engine.js';
import type { InspectedPrompt } from '../../preload/contract/index.js';
import type { EngineHost } from '../engine/host.js';
import { withAttachments, type Attached } from './attached.js';
import { openConversation, type ConversationSource } from './conversation.js';
import type { InForceFor } from './in-force.js';
import { newConversation, promptForReply, promptUpTo, sampleConversation } from './prompt.js';

type Rooms = {
  readonly db: ConversationSource;
  readonly engine: Pick<EngineHost, 'inspectPrompt'>;
  readonly inForce: InForceFor;
};

/**
 * The next prompt of a chat, token by token: with the draft where there is one, else for the question at its end, else
 * as Continue would send it; of a sample conversation where nothing was said yet.
 * @param chatId null = a new chat
 * @throws AppError no-model, or template-failed with what the template refuses
 */
export async function inspectNextPrompt(
  { db, engine, inForce }: Rooms,
  chatId: string | null,
  draft: string,
  attached: readonly Attached[] = [],
): Promise<InspectedPrompt> {
  const conversation = chatId === null ? newConversation : await openConversation(db, chatId);
  const { systemPrompt, sampling } = await inForce(conversation.chat);
  const last = conversation.messages.at(-1);
  const look = async (basis: InspectedPrompt['basis'], prompt: ReturnType<typeof promptUpTo>) => {
    const request = { prompt, maxNewTokens: sampling.max_new_tokens, conversation: chatId };
    return { basis, ...(await engine.inspectPrompt(request)) };
  };
  if (draft !== '' || attached.length > 0) {
    return look(
      'draft',
      promptForReply(conversation, last?.id ?? null, withAttachments(draft, attached), systemPrompt),
    );
  }
  if (last === undefined) return look('sample', sampleConversation(systemPrompt));
  return last.role === 'user'
    ? look('question', promptForReply(conversation, last.id, null, systemPrompt))
    : look('continue', promptUpTo(conversation, last.id, systemPrompt));
}

/**
 * The prompt whose reply's first word the chart of samplers is about: with the draft where there is one, else the last
 * question again, as Regenerate would send it.
 * @param chatId null = a new chat
 * @returns null where nothing was said yet
 */
export async function chartedPrompt(
  { db, inForce }: Omit<Rooms, 'engine'>,
  chatId: string | null,
  draft: string,
  attached: readonly Attached[],
): Promise<ChatPrompt | null> {
  const conversation = chatId === null ? newConversation : await openConversation(db, chatId);
  const { systemPrompt } = await inForce(conversation.chat);
  const { messages } = conversation;
  if (draft !== '' || attached.length > 0) {
    const question = withAttachments(draft, attached);
    return promptForReply(conversation, messages.at(-1)?.id ?? null, question, systemPrompt);
  }
  const question = messages.filter(({ role }) => role === 'user').at(-1);
  return question === undefined ? null : promptForReply(conversation, question.id, null, systemPrompt);
}
