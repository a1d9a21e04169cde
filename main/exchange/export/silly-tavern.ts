/**
 * Owns a chat as SillyTavern keeps it: a line of JSON about the chat, then one for each message; the versions of a reply
 * are its `swipes`. Pure.
 */
import type { OwnMessage } from '../own-format.js';
import type { WriteOptions } from './formats.js';
import type { ExportedChat } from './source.js';
import { versionsOf } from './tree.js';

export function* writeSillyTavern(chat: ExportedChat, options: WriteOptions): Generator<string> {
  const facts = options.metadata ? { title: chat.head.title } : {};
  yield line({ chat_metadata: facts, user_name: 'unused', character_name: 'unused' });
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
    name: isUser ? 'You' : ((options.metadata ? message.model : null) ?? 'Assistant'),
    is_user: isUser,
    // Shown, but not given to the model.
    is_system: message.inclusion === 'left-out',
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

function about({ createdAt, model, stats, attachments }: OwnMessage, { metadata }: WriteOptions) {
  const files = filesOf(attachments);
  if (!metadata) return { extra: files };
  const extra = {
    ...files,
    ...(model === null ? {} : { model }),
    ...(stats === null ? {} : { token_count: stats.tokens }),
  };
  return { send_date: new Date(createdAt).toISOString(), extra };
}

/** Of one file all versions know the text, of several the newer ones. */
function filesOf(attachments: OwnMessage['attachments']) {
  const files = attachments.map(({ name, sizeBytes, text }) => ({ name, size: sizeBytes, text }));
  return files.length < 2 ? files.map((file) => ({ file }))[0] : { files };
}
