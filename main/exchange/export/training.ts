/**
 * Owns chats as data for training, one JSON document per line. A text is what the model was given: with its files. A
 * question without a reply, and a reply without words, teach nothing and are left out. Pure.
 */
import { withAttachments } from '../../chat/attached.js';
import type { WriteOptions } from './formats.js';
import type { ExportedChat } from './source.js';
import { childrenOf, leavesOf, parentsOf, pathTo } from './tree.js';

type Turn = { readonly role: 'system' | 'user' | 'assistant'; readonly text: string };

/** ShareGPT: `conversations` of `from` and `value`. */
export function writeShareGpt(chat: ExportedChat, options: WriteOptions): Generator<string> {
  const names = { system: 'system', user: 'human', assistant: 'gpt' } as const;
  return writeConversations(chat, options, 'conversations', ({ role, text }) => ({
    from: names[role],
    value: text,
  }));
}

/** The fine-tuning format of OpenAI’s chat models: `messages` of `role` and `content`. */
export function writeOpenAi(chat: ExportedChat, options: WriteOptions): Generator<string> {
  return writeConversations(chat, options, 'messages', ({ role, text }) => ({ role, content: text }));
}

/** Stanford Alpaca: each question with its reply; the files of the question are its `input`. */
export function* writeAlpaca(chat: ExportedChat, options: WriteOptions): Generator<string> {
  const replies = childrenOf(chat.nodes);
  for (const { id, role } of chat.nodes) {
    if (role !== 'user') continue;
    for (const replyId of replies.get(id) ?? []) {
      const reply = chat.message(replyId);
      if (reply.role !== 'assistant' || reply.text.trim() === '') continue;
      const { text, attachments } = chat.message(id);
      const files = withAttachments('', attachments);
      // A question may be its files alone.
      const asked = text === '' ? { instruction: files, input: '' } : { instruction: text, input: files };
      yield `${JSON.stringify({ ...asked, output: reply.text, ...about(chat, options) })}\n`;
    }
  }
}

/** Readers of these formats pass over fields that they do not know. */
const about = ({ head }: ExportedChat, { metadata }: WriteOptions) =>
  metadata ? { id: head.id, title: head.title } : {};

/** Every path from the first message to an end, as far as its last reply; a line is written turn by turn. */
function* writeConversations(
  chat: ExportedChat,
  options: WriteOptions,
  field: string,
  inFormat: (turn: Turn) => unknown,
): Generator<string> {
  const { systemPrompt } = chat.head.level;
  const head = `${JSON.stringify({ ...about(chat, options), [field]: [] }).slice(0, -2)}`;
  for (const path of pathsToReplies(chat)) {
    yield head;
    if (systemPrompt !== null && systemPrompt !== '') {
      yield `${JSON.stringify(inFormat({ role: 'system', text: systemPrompt }))},`;
    }
    for (const [index, id] of path.entries()) {
      const { role, text, attachments } = chat.message(id);
      const turn = inFormat({ role, text: withAttachments(text, attachments) });
      yield `${index === 0 ? '' : ','}${JSON.stringify(turn)}`;
    }
    yield ']}\n';
  }
}

/** From the first message to each last reply; none of them is the beginning of another one. */
function* pathsToReplies({ nodes, message }: ExportedChat): Generator<string[]> {
  const parents = parentsOf(nodes);
  const isReply = (id: string) => {
    const { role, text } = message(id);
    return role === 'assistant' && text.trim() !== '';
  };
  const ends = new Set<string>();
  for (const leaf of leavesOf(nodes)) {
    const end = pathTo(parents, leaf).reverse().find(isReply);
    if (end !== undefined) ends.add(end);
  }
  const passed = new Set([...ends].flatMap((end) => pathTo(parents, end).slice(0, -1)));
  for (const end of ends) if (!passed.has(end)) yield pathTo(parents, end);
}
