/**
 * Owns reading the conversations of LM Studio: messages in a row, each with versions; a reply is made of steps, of which
 * blocks of content are shown.
 */
import { t } from '../../../../preload/contract/language.js';
import { toChat } from '../chat.js';
import { asText, DraftPath, fenced, LossCount, textAttachment, type Draft } from '../draft.js';
import { chatPerPiece, Unreadable } from '../format.js';
import { fields, list, name, place, records, text, timeMs, type Fields } from '../values.js';

export const lmStudio = chatPerPiece(
  'lm-studio',
  (value) => {
    const messages = fields(value)?.['messages'];
    return (
      Array.isArray(messages) &&
      ('systemPrompt' in fields(value)! || messages.length > 0) &&
      messages.every((each) => Array.isArray(fields(each)?.['versions']))
    );
  },
  (value, { modifiedMs }) => {
    const chat = fields(value);
    if (chat === null) throw new Unreadable(t('It is no conversation.'));
    const losses = new LossCount();
    const path = new DraftPath();
    for (const message of records(chat['messages'])) {
      const versions = records(message['versions']);
      if (versions.length === 0) continue;
      const shown = place(message['currentlySelected'], versions.length) ?? versions.length - 1;
      path.add(
        versions.map((version) => draftOf(version, losses)),
        shown,
      );
    }
    if (list(fields(chat['perChatPredictionConfig'])?.['fields']).length > 0) losses.add('settings');
    losses.add('notes', list(chat['notes']).length);
    return toChat(
      {
        title: name(chat['name']),
        createdAt: timeMs(chat['createdAt']),
        updatedAt: timeMs(chat['assistantLastMessagedAt']) ?? timeMs(chat['userLastMessagedAt']),
        systemPrompt: name(chat['systemPrompt']),
        nodes: path.nodes,
        shownId: path.shownId,
        isPinned: chat['pinned'] === true,
        losses,
      },
      modifiedMs,
    );
  },
);

function draftOf(version: Fields, losses: LossCount): Draft {
  const role = version['role'] === 'user' ? 'user' : version['role'] === 'system' ? 'system' : 'assistant';
  const pre = fields(version['preprocessed']);
  const files = records(pre?.['content'] ?? version['content']).flatMap((part) => fileOf(part, losses));
  const plain = contentOf(version['content'], losses);
  const steps = records(version['steps']).filter(({ type }) => type !== 'debugInfoBlock');
  const thoughts: string[] = [];
  const answers: string[] = [plain];
  let model = name(fields(version['senderInfo'])?.['senderName']);
  for (const step of steps) {
    const content = contentOf(step['content'], losses);
    if (fields(step['style'])?.['type'] === 'thinking') thoughts.push(content);
    else answers.push(`${text(step['prefix'])}${content}${text(step['suffix'])}`);
    model ??= name(fields(step['genInfo'])?.['identifier']);
  }
  return {
    role,
    text: answers.filter((part) => part.trim() !== '').join('\n\n'),
    thinking: thoughts.join('\n\n'),
    model: role === 'assistant' ? model : null,
    attachments: files,
  };
}

function contentOf(content: unknown, losses: LossCount): string {
  return records(content)
    .map((part) => {
      if (part['type'] === 'toolCallRequest') {
        losses.add('tools');
        return `${fenced(name(part['name']) ?? 'tool', asText(part['parameters'] ?? {}))}\n\n`;
      }
      if (part['type'] === 'toolCallResult') return `\n\n${fenced('result', asText(part['content']))}\n\n`;
      return part['type'] === 'text' ? text(part['text']) : '';
    })
    .join('');
}

/** A file is named, and its text stands beside it only where it went into the prompt. */
function fileOf(part: Fields, losses: LossCount) {
  if (part['type'] !== 'file') return [];
  const content = text(part['text']);
  const isPicture = text(part['fileType']).startsWith('image');
  if (content !== '' && !isPicture)
    return [textAttachment(name(part['fileName']) ?? name(part['name']) ?? t('File'), content)];
  losses.add(isPicture ? 'pictures' : 'files');
  return [];
}
