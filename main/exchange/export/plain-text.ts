/** Owns a chat as plain text: who speaks, and every text as it is. Pure. */
import type { OwnMessage } from '../own-format.js';
import type { WriteOptions } from './formats.js';
import type { ExportedChat } from './source.js';
import { aboutChat, aboutMessage, attachedNames, sectionsOf, speakerOf } from './telling.js';

export function* writePlainText(chat: ExportedChat, { metadata }: WriteOptions): Generator<string> {
  const { title } = chat.head;
  yield `${title}\n${'='.repeat(Math.min(60, [...title].length))}\n`;
  if (metadata) yield* aboutChat(chat).map(([name, value]) => `${name}: ${value}\n`);
  for (const section of sectionsOf(chat)) {
    if (section.title !== null) yield `\n--- ${section.title} ---\n`;
    for (const id of section.messageIds) yield inPlainText(chat.message(id), metadata);
  }
}

function inPlainText(message: OwnMessage, metadata: boolean): string {
  const about = metadata ? ` (${aboutMessage(message)})` : '';
  const attached = attachedNames(message);
  const lines = [
    `${speakerOf(message, metadata)}${about}:`,
    ...(attached === null ? [] : [`[${attached}]`]),
    message.text.trimEnd(),
    ...(message.error === null ? [] : [`[${message.error}]`]),
  ];
  return `\n${lines.join('\n')}\n`;
}
