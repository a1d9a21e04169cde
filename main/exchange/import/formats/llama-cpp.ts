/**
 * Owns reading the exports of llama.cpp’s own page: a conversation and its messages, which hang together by `parent`; as
 * one object, a list of them, or since 2026 one line for the conversation and one for each message.
 */
import { t } from '../../../../preload/contract/language.js';
import { toChat } from '../chat.js';
import { asText, fenced, LossCount, textAttachment, type DraftNode, type DraftRole } from '../draft.js';
import { Unreadable, type ChatFormat, type FileFacts, type Piece, type PieceReader } from '../format.js';
import type { ImportedChat } from '../neutral.js';
import { fields, idOf, name, records, text, timeMs, type Fields } from '../values.js';

const isWhole = (value: Fields): boolean =>
  fields(value['conv']) !== null && Array.isArray(value['messages']);
const isSession = (value: Fields): boolean =>
  value['type'] === 'session' && ('currNode' in value || 'harness' in value);

export const llamaCpp: ChatFormat = {
  id: 'llama-cpp',
  recognises: ({ value }) => {
    const record = fields(value);
    return record !== null && (isWhole(record) || isSession(record));
  },
  open: (file) => new LlamaCppReader(file),
};

class LlamaCppReader implements PieceReader {
  readonly #file: FileFacts;
  /** The conversation whose lines are being read. */
  #open: { readonly conv: Fields; readonly messages: Fields[] } | null = null;

  constructor(file: FileFacts) {
    this.#file = file;
  }

  take({ value }: Piece): readonly ImportedChat[] {
    const record = fields(value);
    if (record !== null && isWhole(record)) {
      return [...this.end(), this.#chatOf(fields(record['conv'])!, records(record['messages']))];
    }
    if (record?.['type'] === 'session') {
      const done = this.end();
      this.#open = { conv: record, messages: [] };
      return done;
    }
    const message = record?.['type'] === 'message' ? fields(record['message']) : null;
    if (message === null || this.#open === null)
      throw new Unreadable(t('A line belongs to no conversation.'));
    this.#open.messages.push(message);
    return [];
  }

  end(): readonly ImportedChat[] {
    if (this.#open === null) return [];
    const { conv, messages } = this.#open;
    this.#open = null;
    return [this.#chatOf(conv, messages)];
  }

  #chatOf(conv: Fields, messages: readonly Fields[]): ImportedChat {
    const losses = new LossCount();
    const nodes = messages.map((message) => nodeOf(message, losses));
    const found = {
      title: name(conv['name']),
      updatedAt: timeMs(conv['lastModified']),
      nodes,
      shownId: idOf(conv['currNode']),
      losses,
    };
    return toChat(found, this.#file.modifiedMs);
  }
}

const roles: Readonly<Record<string, DraftRole>> = { user: 'user', system: 'system', tool: 'tool' };

function nodeOf(message: Fields, losses: LossCount): DraftNode {
  const isRoot = message['type'] === 'root';
  const role = isRoot ? 'none' : (roles[text(message['role'])] ?? 'assistant');
  const parent = idOf(message['parent']);
  const calls = message['toolCalls'];
  const hasCalls = calls !== undefined && calls !== null && calls !== '' && calls !== '[]';
  if (hasCalls) losses.add('tools');
  const content = text(message['content']);
  return {
    // One without an id has no followers.
    id: idOf(message['id']) ?? `no-id-${JSON.stringify(message).length}`,
    // Earlier versions wrote -1 for none.
    parentId: parent === '-1' ? null : parent,
    role,
    text:
      role === 'tool'
        ? fenced('result', content)
        : hasCalls
          ? `${content}\n\n${fenced('tool', asText(calls))}`.trim()
          : content,
    thinking:
      text(message['reasoningContent']) || text(message['reasoning_content']) || text(message['thinking']),
    createdAt: timeMs(message['timestamp']),
    model: role === 'assistant' ? name(message['model']) : null,
    usesTool: hasCalls,
    attachments: records(message['extra']).flatMap((extra) => {
      const words = text(extra['content']);
      if (words !== '') return [textAttachment(name(extra['name']) ?? t('File'), words)];
      losses.add(/image|audio|video/i.test(text(extra['type'])) ? 'pictures' : 'files');
      return [];
    }),
  };
}
