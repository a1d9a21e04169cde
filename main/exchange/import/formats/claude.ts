/** Owns reading the conversations that Claude exports: `chat_messages`, in a row or hanging together by their parents. */
import { t } from '../../../../preload/contract/language.js';
import { toChat } from '../chat.js';
import { asText, fenced, LossCount, textAttachment, type DraftNode } from '../draft.js';
import { chatPerPiece, Unreadable } from '../format.js';
import { fields, idOf, list, name, records, text, timeMs, type Fields } from '../values.js';

/** Stands for no parent. */
const rootId = '00000000-0000-4000-8000-000000000000';

export const claude = chatPerPiece(
  'claude',
  (value) => Array.isArray(fields(value)?.['chat_messages']),
  (value, { modifiedMs }) => {
    const conversation = fields(value);
    if (conversation === null) throw new Unreadable(t('It is no conversation.'));
    const losses = new LossCount();
    const messages = records(conversation['chat_messages']);
    losses.add('unreadable', list(conversation['chat_messages']).length - messages.length);
    const nodes: DraftNode[] = [];
    for (const message of messages) {
      const parent = idOf(message['parent_message_uuid']);
      const before =
        'parent_message_uuid' in message ? (parent === rootId ? null : parent) : (nodes.at(-1)?.id ?? null);
      nodes.push(nodeOf(message, idOf(message['uuid']) ?? `no-id-${nodes.length}`, before, losses));
    }
    return toChat(
      {
        title: name(conversation['name']),
        createdAt: timeMs(conversation['created_at']),
        updatedAt: timeMs(conversation['updated_at']),
        nodes,
        shownId: idOf(conversation['current_leaf_message_uuid']),
        isPinned: conversation['is_starred'] === true,
        losses,
      },
      modifiedMs,
    );
  },
);

function nodeOf(message: Fields, id: string, parentId: string | null, losses: LossCount): DraftNode {
  const isUser = message['sender'] === 'human' || message['sender'] === 'user';
  const thoughts: string[] = [];
  const answers: string[] = [];
  for (const block of records(message['content'])) {
    const { type } = block;
    if (type === 'text') answers.push(text(block['text']));
    else if (type === 'thinking') thoughts.push(text(block['thinking']));
    else if (type === 'tool_use') {
      losses.add('tools');
      answers.push(fenced(name(block['name']) ?? 'tool', asText(block['input'])));
    } else if (type === 'tool_result') answers.push(fenced('result', resultOf(block['content'])));
    else if (type === 'image') losses.add('pictures');
  }
  const words = answers.filter((each) => each.trim() !== '').join('\n\n');
  losses.add('files', list(message['files']).length);
  return {
    id,
    parentId,
    role: isUser ? 'user' : 'assistant',
    text: words === '' ? text(message['text']) : words,
    thinking: thoughts.join('\n\n'),
    createdAt: timeMs(message['created_at']),
    attachments: records(message['attachments']).flatMap((attachment) => {
      const content = text(attachment['extracted_content']);
      if (content !== '') return [textAttachment(name(attachment['file_name']) ?? t('Pasted text'), content)];
      losses.add('files');
      return [];
    }),
  };
}

const resultOf = (content: unknown): string =>
  Array.isArray(content)
    ? records(content)
        .map((part) => text(part['text']))
        .filter((part) => part !== '')
        .join('\n')
    : asText(content);
