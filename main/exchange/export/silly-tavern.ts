/**
 * Owns a chat as SillyTavern keeps it: a line of JSON about the chat, then one for each message; the versions of a reply
 * are its `swipes`. Pure.
 */
import type { OwnMessage } from '../own-format.js';
import type { WriteOptions } from './formats.js';
import type { ExportedChat } from './source.js';
import { speakerOf } from './telling.js';
import { versionsOf } from './tree.js';

export function* writeSillyTavern(chat: ExportedChat, options: WriteOptions): Generator<string> {
  yield line({ chat_metadata: {}, user_name: 'unused', character_name: 'unused' });
  const versionIds = versionsOf(chat.nodes);
  for (const id of chat.path) {
    const message = chat.message(id);
    const versions = (versionIds.get(id) ?? [id]).map(chat.message);
    yield line(entryOf(message, versions, options));
  }
}

const line = (value: unknown) => `${JSON.stringify(value)}\n`;

/** @param versions all messages in its place, itself among them, by age */
function entryOf(message: OwnMessage, versions: readonly OwnMessage[], options: WriteOptions) {
  const isUser = message.role === 'user';
  return {
    name: speakerOf(message, options.metadata),
    is_user: isUser,
    is_system: false,
    ...about(message, options),
    mes: message.text,
    // Only replies have swipes there.
    ...(isUser ? {} : swipesOf(message, versions, options)),
  };
}

function swipesOf(message: OwnMessage, versions: readonly OwnMessage[], options: WriteOptions) {
  const told = versions
    .filter(({ role }) => role === 'assistant')
    .flatMap((version) => [
      ...version.revisions.map(({ text }) => ({ text, version, isCurrent: false })),
      { text: version.text, version, isCurrent: version.id === message.id },
    ]);
  return {
    swipes: told.map(({ text }) => text),
    swipe_id: told.findIndex(({ isCurrent }) => isCurrent),
    swipe_info: told.map(({ version }) => about(version, options)),
  };
}

function about({ createdAt, model, stats }: OwnMessage, { metadata }: WriteOptions) {
  if (!metadata) return { extra: {} };
  const extra = {
    ...(model === null ? {} : { model }),
    ...(stats === null ? {} : { token_count: stats.tokens }),
  };
  return { send_date: new Date(createdAt).toISOString(), extra };
}
