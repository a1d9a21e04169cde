/** Owns a chat as Markdown (CommonMark with tables): replies are Markdown already, and stand as they are. Pure. */
import { t } from '../../../preload/contract/language.js';
import { splitThinking } from '../../../preload/contract/thinking.js';
import type { OwnMessage } from '../own-format.js';
import type { WriteOptions } from './formats.js';
import type { ExportedChat } from './source.js';
import { aboutChat, aboutMessage, attachedNames, sectionsOf, speakerOf } from './telling.js';

export function* writeMarkdown(chat: ExportedChat, { metadata }: WriteOptions): Generator<string> {
  yield `# ${escaped(chat.head.title)}\n`;
  if (metadata) yield* aboutChat(chat).map(([name, value]) => `\n- ${name}: ${oneLine(escaped(value))}`);
  if (metadata) yield '\n';
  for (const { title, messageIds } of sectionsOf(chat)) {
    if (title !== null) yield `\n---\n\n# ${title}\n`;
    for (const id of messageIds) yield inMarkdown(chat.message(id), metadata);
  }
}

function inMarkdown(message: OwnMessage, metadata: boolean): string {
  const { thinking, answer } = splitThinking(message.role === 'user' ? '' : message.text);
  const attached = attachedNames(message);
  const blocks = [
    `## ${escaped(speakerOf(message, metadata))}`,
    ...(metadata ? [`*${escaped(aboutMessage(message))}*`] : []),
    ...(attached === null ? [] : [escaped(attached)]),
    ...(thinking === null || thinking === ''
      ? []
      : [`<details><summary>${t('Thought aloud')}</summary>\n\n${thinking}\n\n</details>`]),
    (message.role === 'user' ? message.text : answer).trim(),
    ...(message.error === null ? [] : [`*${escaped(message.error)}*`]),
  ];
  return `\n${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** Words that must not count as Markdown (CommonMark, section 2.4). */
const escaped = (text: string) => text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&');

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
