/** Owns letting the model write the user's next message: its prompt and its turn; the text goes to who asked, and nowhere else. */
import { AppError } from '../../preload/contract/errors.js';
import { isIncognito } from '../../preload/contract/incognito.js';
import type { ModelLoader } from '../models/loader.js';
import { openConversation, type ConversationSource } from './conversation.js';
import type { InForceFor } from './in-force.js';
import type { Planner } from './planner.js';
import { newConversation, promptForUser } from './prompt.js';
import { freeLane, type Runs } from './runs.js';

type Rooms = {
  readonly db: ConversationSource;
  readonly loader: Pick<ModelLoader, 'modelName'>;
  readonly inForce: InForceFor;
  readonly planner: Pick<Planner, 'requireRoom'>;
  readonly runs: Pick<Runs, 'collect' | 'requireIdle'>;
};

export type Impersonated = {
  /** Null = a new chat. */
  readonly chatId: string | null;
  /** What the user wrote of the message; the model goes on from there. */
  readonly start: string;
  /** For `runs.stop`. */
  readonly runId: string;
};

/**
 * What comes after the start, also when it was stopped.
 * @throws AppError `busy` while a reply is written in the chat, `prompt-too-long`, and why the run failed
 */
export async function impersonate(
  { db, loader, inForce, planner, runs }: Rooms,
  { chatId, start, runId }: Impersonated,
): Promise<string> {
  await loader.modelName();
  if (chatId !== null) runs.requireIdle(chatId);
  const conversation = chatId === null ? newConversation : await openConversation(db, chatId);
  const { systemPrompt, sampling } = await inForce(conversation.chat);
  const prompt = promptForUser(conversation, start, systemPrompt);
  await planner.requireRoom(prompt, sampling.max_new_tokens);
  const report = await runs.collect(
    { runId, prompt, sampling, incognito: isIncognito(chatId) },
    { lane: chatId ?? freeLane, priority: 'person' },
  );
  if (report.type === 'failed') throw new AppError(report.error);
  return report.text;
}
