/**
 * Owns opening a chat as its prompts need it: every message with what the model is given of its files, and who talks.
 */
import type { Thread } from '../../preload/contract/chats.js';
import type { Database } from '../db/client.js';
import { withAttachments } from './attached.js';
import type { Cast } from './cast.js';

export type ConversationSource = Pick<Database, 'openThread' | 'attachmentsOf' | 'cardOf' | 'personaOf'>;

/** The whole active path, or the last `count` messages of it. Its texts are those of prompts, not of the page. */
export async function openConversation(
  db: ConversationSource,
  chatId: string,
  count?: number,
): Promise<Thread & { readonly cast: Cast }> {
  const thread = await db.openThread(chatId, count);
  const messages = thread.messages.map(async (message) =>
    message.attachments.length === 0
      ? message
      : { ...message, text: withAttachments(message.text, await db.attachmentsOf(message.id)) },
  );
  return { ...thread, messages: await Promise.all(messages), cast: await castOf(db, thread.chat) };
}

/** One that is gone says nothing. */
export async function castOf(
  db: Pick<Database, 'cardOf' | 'personaOf'>,
  { characterId, personaId }: Pick<Thread['chat'], 'characterId' | 'personaId'>,
): Promise<Cast> {
  return {
    card: characterId === null ? null : await db.cardOf(characterId),
    persona: personaId === null ? null : await db.personaOf(personaId),
  };
}
