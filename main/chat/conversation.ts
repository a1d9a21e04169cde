/** Owns opening a chat as its prompts need it: every message with what the model is given of its files. */
import type { Thread } from '../../preload/contract/chats.js';
import type { Database } from '../db/client.js';
import { withAttachments } from './attached.js';

/** The whole active path, or the last `count` messages of it. Its texts are those of prompts, not of the page. */
export async function openConversation(
  db: Pick<Database, 'openThread' | 'attachmentsOf'>,
  chatId: string,
  count?: number,
): Promise<Thread> {
  const thread = await db.openThread(chatId, count);
  const messages = thread.messages.map(async (message) =>
    message.attachments.length === 0
      ? message
      : { ...message, text: withAttachments(message.text, await db.attachmentsOf(message.id)) },
  );
  return { ...thread, messages: await Promise.all(messages) };
}
