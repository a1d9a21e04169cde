/** Owns what a match asks: its question, the turns before it, and the prompt that each contestant gets; never a reply. */
import { t } from '../../preload/contract/language.js';
import type { ContestantSpec, Question } from '../../preload/contract/arena.js';
import type { ChatPrompt } from '../../preload/contract/engine.js';
import { AppError } from '../../preload/contract/errors.js';
import { isIncognito } from '../../preload/contract/incognito.js';
import { emptyLevel, type Level } from '../../preload/contract/levels.js';
import type { Sampling } from '../../preload/contract/parameters.js';
import { presetParameters } from '../../preload/contract/preset-values.js';
import { openConversation, type ConversationSource } from '../chat/conversation.js';
import type { InForceFor } from '../chat/in-force.js';
import { newConversation, promptForReply, type Conversation } from '../chat/prompt.js';
import type { NewMatch } from '../db/arena.js';

export type Asked = {
  readonly told: Pick<NewMatch, 'prompt' | 'history' | 'chatId' | 'parentId' | 'questionId'>;
  readonly promptFor: (
    contestant: Pick<ContestantSpec, 'modelPath' | 'presetId'>,
    seed: number,
  ) => Promise<{ readonly prompt: ChatPrompt; readonly sampling: Sampling }>;
};

/** @throws AppError bad-input where there is nothing to ask, and for an incognito chat */
export async function askedOf(
  db: ConversationSource,
  inForce: InForceFor,
  { chatId, prompt, history }: Pick<Question, 'chatId' | 'prompt' | 'history'>,
): Promise<Asked> {
  if (chatId !== null && isIncognito(chatId)) {
    throw new AppError({
      code: 'bad-input',
      message: t('An incognito chat never touches the disk, and comparisons are kept there.'),
      hint: t('Compare without a chat, or in another one.'),
    });
  }
  const opened = chatId === null ? null : await openConversation(db, chatId);
  const conversation: Conversation = opened ?? { ...newConversation, messages: turnsOf(history) };
  const { messages } = conversation;
  const isAgain = prompt.trim() === '';
  const lastQuestion = messages.map(({ role }) => role).lastIndexOf('user');
  if (isAgain && lastQuestion < 0) {
    throw new AppError({
      code: 'bad-input',
      message: t('There is nothing to ask.'),
      hint: t('Write a message.'),
    });
  }
  const question = isAgain ? messages[lastQuestion]! : null;
  const before = isAgain ? messages.slice(0, lastQuestion) : messages;
  const system = history.find(({ role }) => role === 'system')?.text;
  return {
    told: {
      chatId,
      prompt: question?.text ?? prompt,
      history: [
        ...(system === undefined ? [] : [{ role: 'system' as const, text: system }]),
        ...before.map(({ role, text }) => ({ role, text })),
      ],
      parentId: chatId === null ? null : (before.at(-1)?.id ?? null),
      questionId: chatId === null ? null : (question?.id ?? null),
    },
    promptFor: async ({ modelPath, presetId }, seed) => {
      const level = levelWith(opened?.chat.level ?? emptyLevel, presetId);
      const { sampling, systemPrompt } = await inForce({ level }, modelPath);
      const lastId = (question ?? before.at(-1))?.id ?? null;
      const asked = promptForReply(conversation, lastId, isAgain ? null : prompt, system ?? systemPrompt);
      return { prompt: asked, sampling: { ...sampling, seed } };
    },
  };
}

/** Turns that are in no chat, by ids of their own. */
const turnsOf = (history: Question['history']): Conversation['messages'] =>
  history.flatMap(({ role, text }, index) =>
    role === 'system' ? [] : [{ id: String(index), role, text, inclusion: 'auto' }],
  );

/** The level of a chat with another preset: what presets set is this preset's. */
function levelWith(level: Level, presetId: string | null): Level {
  if (presetId === null) return level;
  const own = Object.entries(level.sampling).filter(
    ([name]) => !(presetParameters as readonly string[]).includes(name),
  );
  return { ...level, presetId, sampling: Object.fromEntries(own) };
}
