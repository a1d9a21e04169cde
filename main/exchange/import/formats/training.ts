/** Owns reading conversations in the forms that models are trained on: ShareGPT, OpenAI messages, and Alpaca. */
import { t } from '../../../../preload/contract/language.js';
import { toChat } from '../chat.js';
import { asText, DraftPath, fenced, LossCount, type Draft, type DraftRole } from '../draft.js';
import { chatPerPiece, Unreadable, type ChatFormat, type FileFacts } from '../format.js';
import { fields, list, name, records, text, timeMs, type Fields } from '../values.js';

const roles: Readonly<Record<string, DraftRole>> = {
  human: 'user',
  user: 'user',
  prompter: 'user',
  system: 'system',
  developer: 'system',
  tool: 'tool',
  function: 'tool',
  observation: 'tool',
};

const turnsOf = (value: unknown): unknown => {
  const record = fields(value);
  return record?.['conversations'] ?? record?.['conversation'] ?? record?.['items'];
};

/** `conversations` with `from` and `value`. */
export const sharegpt = chatPerPiece(
  'sharegpt',
  (value) => {
    const turns = records(turnsOf(value));
    return turns.length > 0 && turns.every((turn) => 'from' in turn && 'value' in turn);
  },
  (value, { modifiedMs }) => {
    const record = fields(value);
    const turns = list(turnsOf(value));
    if (record === null || turns.length === 0) throw new Unreadable(t('It has no conversation.'));
    const losses = new LossCount();
    const path = new DraftPath();
    losses.add('unreadable', turns.length - records(turns).length);
    for (const turn of records(turns)) {
      const role = roles[text(turn['from']).toLowerCase()] ?? 'assistant';
      path.add([{ role, text: text(turn['value']) }]);
    }
    return toChat(
      { title: name(record['title']), systemPrompt: name(record['system']), nodes: path.nodes, losses },
      modifiedMs,
    );
  },
);

const isTurn = (value: unknown): boolean => {
  const turn = fields(value);
  return turn !== null && typeof turn['role'] === 'string' && ('content' in turn || 'tool_calls' in turn);
};

/** `messages` with `role` and `content`; also a bare list of such messages, which is one chat. */
export const openai: ChatFormat = {
  id: 'openai',
  recognises: ({ value, place }) => {
    const messages = list(fields(value)?.['messages']);
    return (messages.length > 0 && messages.every(isTurn)) || (place === 'entry' && isTurn(value));
  },
  open: (file) => {
    const bare: unknown[] = [];
    return {
      take: ({ value, place }) => {
        if (place === 'entry' && isTurn(value)) {
          bare.push(value);
          return [];
        }
        const record = fields(value);
        if (!Array.isArray(record?.['messages'])) throw new Unreadable(t('It has no messages.'));
        return [openaiChat(record!, list(record!['messages']), file)];
      },
      end: () => (bare.length === 0 ? [] : [openaiChat({}, bare, file)]),
    };
  },
};

function openaiChat(record: Fields, turns: readonly unknown[], { modifiedMs }: FileFacts) {
  const losses = new LossCount();
  const path = new DraftPath();
  losses.add('unreadable', turns.length - records(turns).length);
  for (const turn of records(turns)) path.add([openaiDraft(turn, losses)]);
  const createdAt = timeMs(record['created_at']) ?? timeMs(record['created']);
  return toChat({ title: name(record['title']), createdAt, nodes: path.nodes, losses }, modifiedMs);
}

function openaiDraft(turn: Fields, losses: LossCount): Draft {
  const role = roles[text(turn['role'])] ?? 'assistant';
  const parts = records(turn['content']);
  const words =
    parts.length > 0
      ? parts.map((part) => text(part['text'])).filter((part) => part !== '')
      : [text(turn['content'])];
  losses.add('pictures', parts.filter((part) => /image|audio/.test(text(part['type']))).length);
  const calls = records(turn['tool_calls']).map((call) => {
    const { name: label, arguments: input } = fields(call['function']) ?? {};
    return fenced(name(label) ?? 'tool', asText(input));
  });
  losses.add('tools', calls.length);
  const content = words.join('\n\n');
  return {
    role,
    text:
      role === 'tool'
        ? fenced('result', content)
        : [content, ...calls].filter((part) => part !== '').join('\n\n'),
    thinking: text(turn['reasoning_content']),
    usesTool: calls.length > 0,
  };
}

/** `instruction`, `input` and `output`, with the turns before in `history`. */
export const alpaca = chatPerPiece(
  'alpaca',
  (value) => {
    const record = fields(value);
    return typeof record?.['instruction'] === 'string' && typeof record['output'] === 'string';
  },
  (value, { modifiedMs }) => {
    const record = fields(value);
    if (typeof record?.['instruction'] !== 'string') throw new Unreadable(t('It has no instruction.'));
    const path = new DraftPath();
    for (const pair of list(record['history'])) {
      const [question, answer] = list(pair);
      path.add([{ role: 'user', text: text(question) }]);
      path.add([{ role: 'assistant', text: text(answer) }]);
    }
    const question = [text(record['instruction']), text(record['input'])]
      .filter((part) => part !== '')
      .join('\n\n');
    path.add([{ role: 'user', text: question }]);
    path.add([{ role: 'assistant', text: text(record['output']) }]);
    const found = { title: name(record['title']), systemPrompt: name(record['system']), nodes: path.nodes };
    return toChat({ ...found, losses: new LossCount() }, modifiedMs);
  },
);
