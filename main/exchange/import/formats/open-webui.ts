/** Owns reading the exports of Open WebUI: chats whose messages hang together by `parentId` in `history.messages`. */
import { t } from '../../../../preload/contract/language.js';
import { toChat } from '../chat.js';
import { fenced, LossCount, textAttachment, type DraftNode, type DraftRole } from '../draft.js';
import { chatPerPiece, Unreadable } from '../format.js';
import type { ImportedAttachment } from '../neutral.js';
import { fields, idOf, list, name, records, text, timeMs, type Fields } from '../values.js';

/** An export has the chat in a record; a chat alone has not. */
const chatOf = (value: unknown): Fields | null => {
  const record = fields(value);
  return fields(record?.['chat']) ?? record;
};

export const openWebui = chatPerPiece(
  'open-webui',
  (value) => {
    const chat = chatOf(value);
    if (chat === null) return false;
    return (
      fields(fields(chat['history'])?.['messages']) !== null ||
      ('chat' in fields(value)! && 'messages' in chat)
    );
  },
  (value, { modifiedMs }) => {
    const record = fields(value);
    const chat = chatOf(value);
    if (record === null || chat === null) throw new Unreadable(t('It is no chat.'));
    const losses = new LossCount();
    const history = fields(chat['history']);
    const tree = fields(history?.['messages']);
    const nodes = tree === null ? inARow(records(chat['messages']), losses) : inATree(tree, losses);
    const { system, ...params } = fields(chat['params']) ?? {};
    if (Object.keys(params).length > 0) losses.add('settings');
    return toChat(
      {
        title: name(record['title']) ?? name(chat['title']),
        createdAt: timeMs(record['created_at']) ?? timeMs(chat['timestamp']),
        updatedAt: timeMs(record['updated_at']),
        systemPrompt: name(system) ?? name(chat['system']),
        nodes,
        shownId: tree === null ? null : idOf(history?.['currentId']),
        tags: [...list(fields(record['meta'])?.['tags']), ...list(chat['tags'])].map(text),
        isPinned: record['pinned'] === true,
        isArchived: record['archived'] === true,
        losses,
      },
      modifiedMs,
    );
  },
);

function inATree(tree: Fields, losses: LossCount): DraftNode[] {
  const entries = Object.entries(tree).flatMap(([key, value]) => {
    const message = fields(value);
    return message === null ? [] : [{ id: key, message }];
  });
  losses.add('unreadable', Object.keys(tree).length - entries.length);
  const order = new Map(
    entries.flatMap(({ message }) => list(message['childrenIds']).map((id, at) => [idOf(id), at] as const)),
  );
  const sorted = [...entries].sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  return sorted.map(({ id, message }) => ({
    ...draftOf(message, losses),
    id,
    parentId: idOf(message['parentId']),
  }));
}

const inARow = (messages: readonly Fields[], losses: LossCount): DraftNode[] =>
  messages.map((message, at) => ({
    ...draftOf(message, losses),
    id: String(at),
    parentId: at === 0 ? null : String(at - 1),
  }));

const roles: Readonly<Record<string, DraftRole>> = { user: 'user', system: 'system', tool: 'tool' };

function draftOf(message: Fields, losses: LossCount) {
  const role = roles[text(message['role'])] ?? 'assistant';
  const parts = list(message['content']);
  const raw =
    parts.length > 0
      ? records(parts)
          .map((part) => text(part['text']))
          .join('\n')
      : text(message['content']);
  losses.add('pictures', records(parts).filter((part) => text(part['type']).startsWith('image')).length);
  const { thinking, answer } =
    role === 'assistant' ? splitDetails(raw, losses) : { thinking: '', answer: raw };
  const error = fields(message['error']);
  return {
    role,
    text: role === 'tool' ? fenced('tool', answer) : answer,
    thinking,
    createdAt: timeMs(message['timestamp']),
    model: role === 'assistant' ? (name(message['modelName']) ?? name(message['model'])) : null,
    error: name(error?.['content']) ?? name(error?.['message']),
    attachments: records(message['files']).flatMap((file) => attachmentOf(file, losses)),
  };
}

function attachmentOf(file: Fields, losses: LossCount): ImportedAttachment[] {
  if (text(file['type']).startsWith('image')) {
    losses.add('pictures');
    return [];
  }
  const inner = fields(file['file']);
  const content = text(fields(inner?.['data'])?.['content']);
  if (content === '') {
    losses.add('files');
    return [];
  }
  return [textAttachment(name(file['name']) ?? name(inner?.['filename']) ?? t('File'), content)];
}

/** Thinking and uses of tools are written into the text as folded HTML. */
const details =
  /<details type="(reasoning|tool_calls)"([^>]*)>\s*(?:<summary>[^<]*<\/summary>)?([\s\S]*?)<\/details>\s*/g;
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
  '#39': "'",
};

function splitDetails(content: string, losses: LossCount): { thinking: string; answer: string } {
  const thoughts: string[] = [];
  const answer = content.replace(details, (_, type: string, attributes: string, inner: string) => {
    const plain = (html: string) =>
      html.replace(/&(amp|lt|gt|quot|#x27|#39);/g, (__, entity: string) => entities[entity]!);
    if (type === 'reasoning') {
      thoughts.push(plain(inner).replace(/^> ?/gm, '').trim());
      return '';
    }
    losses.add('tools');
    return `${fenced('tool', plain(`${attributes.trim()}\n${inner.trim()}`).trim())}\n\n`;
  });
  return { thinking: thoughts.join('\n\n'), answer };
}
