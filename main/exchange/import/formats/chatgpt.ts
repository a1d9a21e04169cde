/** Owns reading the conversations that ChatGPT exports: trees in `mapping`, with nodes that were never shown. */
import { t } from '../../../../preload/contract/language.js';
import { toChat } from '../chat.js';
import { asText, fenced, LossCount, type Draft, type DraftNode } from '../draft.js';
import { chatPerPiece, Unreadable } from '../format.js';
import { fields, idOf, list, name, records, text, timeMs, type Fields } from '../values.js';

export const chatgpt = chatPerPiece(
  'chatgpt',
  (value) => fields(fields(value)?.['mapping']) !== null,
  (value, { modifiedMs }) => {
    const conversation = fields(value);
    const mapping = fields(conversation?.['mapping']);
    if (conversation === null || mapping === null) throw new Unreadable(t('It has no messages.'));
    const losses = new LossCount();
    return toChat(
      {
        title: name(conversation['title']),
        createdAt: timeMs(conversation['create_time']),
        updatedAt: timeMs(conversation['update_time']),
        nodes: nodesOf(mapping, name(conversation['default_model_slug']), losses),
        shownId: idOf(conversation['current_node']),
        isArchived: conversation['is_archived'] === true,
        losses,
      },
      modifiedMs,
    );
  },
);

const nothing: Draft = { role: 'none', text: '' };

function nodesOf(mapping: Fields, usualModel: string | null, losses: LossCount): DraftNode[] {
  const entries = Object.entries(mapping).map(([id, value]) => ({ id, node: fields(value) ?? {} }));
  // Children are listed in the order of the versions.
  const order = new Map(
    entries.flatMap(({ node }) => list(node['children']).map((id, at) => [idOf(id), at] as const)),
  );
  return [...entries]
    .sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0))
    .map(({ id, node }) => {
      const message = fields(node['message']);
      const draft = message === null ? nothing : draftOf(message, usualModel, losses);
      return { ...draft, id, parentId: idOf(node['parent']) };
    });
}

function draftOf(message: Fields, usualModel: string | null, losses: LossCount): Draft {
  const author = text(fields(message['author'])?.['role']);
  const metadata = fields(message['metadata']) ?? {};
  const content = fields(message['content']) ?? {};
  const type = text(content['content_type']);
  const createdAt = timeMs(message['create_time']);
  if (type === 'user_editable_context') {
    const words = [text(content['user_profile']), text(content['user_instructions'])].filter(
      (each) => each.trim() !== '',
    );
    return { role: 'system', text: words.join('\n\n'), createdAt };
  }
  if (type === 'model_editable_context' || metadata['is_visually_hidden_from_conversation'] === true)
    return nothing;
  if (type === 'thoughts' || type === 'reasoning_recap') {
    // The recap says only how long it took.
    const thinking = records(content['thoughts']).map(
      (thought) => text(thought['content']) || text(thought['summary']),
    );
    return { role: 'assistant', text: '', thinking: thinking.join('\n\n'), createdAt, usesTool: true };
  }
  const words = wordsOf(content, type, losses);
  const model = name(metadata['model_slug']) ?? usualModel;
  if (author === 'user') return { role: 'user', text: words, createdAt };
  if (author === 'system') return { role: 'system', text: words, createdAt };
  const recipient = text(message['recipient']);
  if (author === 'tool' || (recipient !== '' && recipient !== 'all')) {
    if (words.trim() === '') return { ...nothing };
    losses.add('tools');
    const label = author === 'tool' ? (name(fields(message['author'])?.['name']) ?? 'tool') : recipient;
    return {
      role: author === 'tool' ? 'tool' : 'assistant',
      text: fenced(label, words),
      createdAt,
      model,
      usesTool: true,
    };
  }
  return { role: 'assistant', text: words, createdAt, model };
}

function wordsOf(content: Fields, type: string, losses: LossCount): string {
  if (type === 'code') return text(content['text']);
  if (type === 'execution_output' || type === 'system_error') return text(content['text']);
  if (type === 'tether_quote' || type === 'tether_browsing_display') {
    return [text(content['title']), text(content['url']), text(content['text']) || text(content['result'])]
      .filter((each) => each !== '')
      .join('\n');
  }
  if ('parts' in content) {
    return list(content['parts'])
      .map((part) => partOf(part, losses))
      .filter((part) => part !== '')
      .join('\n\n');
  }
  return 'text' in content ? asText(content['text']) : '';
}

function partOf(part: unknown, losses: LossCount): string {
  if (typeof part === 'string') return text(part);
  const record = fields(part);
  const words = text(record?.['text']);
  if (record !== null && words === '') losses.add('pictures');
  return words;
}
