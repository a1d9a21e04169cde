/** Owns how the active path becomes the turns of a prompt; never their template. */
import type { Chat, PathMessage } from '../../preload/contract/chats.js';
import type { ChatPrompt, Prompt, PromptMessage } from '../../preload/contract/engine.js';
import type { FreePrompt } from '../../preload/contract/index.js';
import { emptyLevel } from '../../preload/contract/levels.js';
import { castPrompt, nobody, systemTurn, type Cast } from './cast.js';

/** What of a chat its prompts depend on. */
export type Conversation = {
  readonly chat: Pick<Chat, 'id' | 'overflow' | 'startReplyWith' | 'level' | 'mode' | 'chatCommand'>;
  /** The active path, oldest first. */
  readonly messages: readonly Pick<PathMessage, 'id' | 'role' | 'text' | 'inclusion'>[];
  readonly cast: Cast;
};

/** A chat in which nothing was said yet. */
export const newConversation: Conversation = {
  chat: {
    id: '',
    ...{ overflow: 'drop-oldest', startReplyWith: '', level: emptyLevel },
    ...{ mode: 'instruct', chatCommand: '' },
  },
  messages: [],
  cast: nobody,
};

/** The prompt of a free run. */
export function freePrompt(prompt: FreePrompt, systemPrompt: string): Prompt {
  if (prompt.kind === 'text') return prompt;
  return { kind: 'chat', messages: [...systemTurn(systemPrompt), { role: 'user', text: prompt.text }] };
}

/** The prompt up to and including the message `lastId`: the question to answer, or the reply to go on with. */
export function promptUpTo(
  conversation: Conversation,
  lastId: string | null,
  systemPrompt: string,
): ChatPrompt {
  return promptOf(conversation, turnsUpTo(conversation, lastId), systemPrompt);
}

function turnsUpTo({ messages }: Conversation, lastId: string | null): PromptMessage[] {
  const end = lastId === null ? 0 : messages.findIndex(({ id }) => id === lastId) + 1;
  return messages.slice(0, end).map(({ role, text, inclusion }) => ({ role, text, inclusion }));
}

/** At most one system message, and then the turns, one message each. */
function promptOf(
  { chat, cast }: Conversation,
  turns: readonly PromptMessage[],
  systemPrompt: string,
): ChatPrompt {
  const isPlain = cast.card === null && cast.persona === null && chat.mode === 'instruct';
  const content = isPlain
    ? { messages: [...systemTurn(systemPrompt), ...turns] }
    : castPrompt(chat, cast, turns, {
        text: systemPrompt,
        isOfChat: chat.level.systemPrompt !== null,
      });
  return { kind: 'chat', policy: chat.overflow, ...content };
}

/**
 * The prompt for a reply that does not exist yet.
 * @param lastId the last message before what is added; null = none
 * @param question a message not saved yet; null when `lastId` is the question
 */
export function promptForReply(
  conversation: Conversation,
  lastId: string | null,
  question: string | null,
  systemPrompt: string,
): ChatPrompt {
  const { startReplyWith } = conversation.chat;
  const added: PromptMessage[] = [
    ...(question === null ? [] : [{ role: 'user' as const, text: question }]),
    ...(startReplyWith === '' ? [] : [{ role: 'assistant' as const, text: startReplyWith }]),
  ];
  return promptOf(conversation, [...turnsUpTo(conversation, lastId), ...added], systemPrompt);
}

/**
 * The prompt for the user's next message, where the model writes it.
 * @param start what the user wrote of it; it goes on from there
 */
export function promptForUser(conversation: Conversation, start: string, systemPrompt: string): ChatPrompt {
  const lastId = conversation.messages.at(-1)?.id ?? null;
  const open: PromptMessage = { role: 'user', text: start, isOpen: true };
  return promptOf(conversation, [...turnsUpTo(conversation, lastId), open], systemPrompt);
}

/** Two turns to show a template by. */
export function sampleConversation(systemPrompt: string): ChatPrompt {
  return {
    kind: 'chat',
    messages: [
      ...systemTurn(systemPrompt),
      // eslint-disable-next-line altiplano/no-loose-text -- said to the model
      { role: 'user', text: 'Hello!' },
      // eslint-disable-next-line altiplano/no-loose-text -- said to the model
      { role: 'assistant', text: 'Hi, how can I help?' },
      // eslint-disable-next-line altiplano/no-loose-text -- said to the model
      { role: 'user', text: 'Name a colour.' },
    ],
  };
}
