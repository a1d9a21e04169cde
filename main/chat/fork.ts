/** Owns where a reply can go another way, and what the model may say there; never starts a reply. */
import { t } from '../../preload/contract/language.js';
import type { Message, PathMessage, Thread } from '../../preload/contract/chats.js';
import type { ChatPrompt } from '../../preload/contract/engine.js';
import { AppError } from '../../preload/contract/errors.js';
import { isIncognito } from '../../preload/contract/incognito.js';
import type { Sampling } from '../../preload/contract/parameters.js';
import { samplingSchema } from '../../preload/contract/sampling-schema.js';
import type { NextTokens } from '../../preload/contract/tokens.js';
import type { Database } from '../db/client.js';
import { newId } from '../db/id.js';
import type { EngineHost } from '../engine/host.js';
import type { ModelLoader } from '../models/loader.js';
import { openConversation, type ConversationSource } from './conversation.js';
import type { InForceFor } from './in-force.js';
import { promptUpTo, type Conversation } from './prompt.js';
import type { TurnQueue } from './queue.js';

export type ForkRooms = {
  readonly db: ConversationSource & Pick<Database, 'findMessage'>;
  readonly engine: Pick<EngineHost, 'inspectPrompt' | 'nextTokens'>;
  readonly loader: Pick<ModelLoader, 'ensureLoaded'>;
  readonly turns: Pick<TurnQueue, 'take'>;
  readonly inForce: InForceFor;
};

/** White space that a template may take away between two tokens. */
const mostTrimmed = 16;

/**
 * Where tokens begin in a text.
 * @param texts of the tokens in their order; empty for those whose letter an earlier one shows
 */
export function placesOf(texts: readonly string[], text: string): number[] {
  const places: number[] = [];
  let end = 0;
  for (const token of texts) {
    if (token === '') continue;
    // A vocabulary may put a space before the first word that is none of the text's.
    const forms = token.startsWith(' ') ? [token, token.slice(1)] : [token];
    const found = forms.find((form) => form !== '' && text.startsWith(form, end));
    if (found !== undefined) {
      places.push(end);
      end += found.length;
      continue;
    }
    // A template may have trimmed the text.
    const word = token.trimStart();
    const at = word === '' ? -1 : text.indexOf(word, end);
    if (at < 0 || at - end > mostTrimmed || text.slice(end, at).trim() !== '') break;
    places.push(at);
    end = at + word.length;
  }
  return places;
}

/** @throws AppError not-found, bad-input for what is no reply, no-model */
export async function forkPlaces(rooms: ForkRooms, messageId: string): Promise<number[]> {
  const { reply, thread, sampling, systemPrompt } = await openReply(rooms, messageId);
  await rooms.loader.ensureLoaded();
  const { tokens } = await rooms.engine.inspectPrompt({
    prompt: promptUpTo(thread, reply.id, systemPrompt),
    maxNewTokens: sampling.max_new_tokens,
    conversation: null,
  });
  // The reply is left open at the end of the prompt.
  const before = tokens.map(({ source }) => source !== 'assistant').lastIndexOf(true);
  return placesOf(
    tokens.slice(before + 1).map(({ text }) => text),
    reply.text,
  );
}

/** @throws AppError as `forkPlaces`, and prompt-too-long */
export async function alternativesAt(rooms: ForkRooms, messageId: string, at: number): Promise<NextTokens> {
  const { reply, thread, sampling, systemPrompt } = await openReply(rooms, messageId);
  const prompt = promptBefore(thread, reply, at, systemPrompt);
  const { chatId } = reply;
  return rooms.turns.take({ id: newId(), lane: chatId, priority: 'person' }, async () => {
    await rooms.loader.ensureLoaded();
    return rooms.engine.nextTokens(prompt, sampling, isIncognito(chatId));
  });
}

/** The prompt of a reply with its text up to a place, left open. */
function promptBefore(thread: Conversation, reply: Message, at: number, systemPrompt: string): ChatPrompt {
  const text = reply.text.slice(0, at);
  if (text.trim() === '') return promptUpTo(thread, reply.parentId, systemPrompt);
  const messages = thread.messages.map((message) =>
    message.id === reply.id ? { ...message, text } : message,
  );
  return promptUpTo({ ...thread, messages }, reply.id, systemPrompt);
}

async function openReply(
  { db, inForce }: ForkRooms,
  messageId: string,
): Promise<{ reply: PathMessage; thread: Thread & Conversation; sampling: Sampling; systemPrompt: string }> {
  const { chatId } = await db.findMessage(messageId);
  const thread = await openConversation(db, chatId);
  const reply = thread.messages.find(({ id }) => id === messageId);
  if (reply?.role !== 'assistant' || reply.parentId === null) {
    throw new AppError({
      code: 'bad-input',
      message: t('Only a reply that is shown, and has a question before it, can go another way.'),
    });
  }
  const usual = await inForce(thread.chat);
  const origin = reply.stats?.origin ?? null;
  const sampling = origin === null ? usual.sampling : samplingSchema.parse(origin.sampling);
  return { reply, thread, sampling, systemPrompt: usual.systemPrompt };
}
