/** Owns what a package tries out on itself (`--smoke-test`): its database, its engine and a model answer; never the window. */
import type { PathMessage } from '../../preload/contract/chats.js';

type SmokeTest = {
  readonly loader: { ensureLoaded(): Promise<void> };
  readonly runs: {
    send(chatId: null, text: string): Promise<{ chatId: string | null }>;
    written(): Promise<void>;
  };
  readonly db: { openThread(chatId: string): Promise<{ messages: readonly PathMessage[] }> };
};

/**
 * Asks the model at hand something in a new chat, and reads the reply back from the database.
 * @returns how many tokens it has
 * @throws when any of it fails, or nothing was written
 */
export async function smokeTest({ loader, runs, db }: SmokeTest): Promise<{ readonly tokens: number }> {
  await loader.ensureLoaded();
  // eslint-disable-next-line altiplano/no-loose-text -- said to the model
  const { chatId } = await runs.send(null, 'What do llamas eat?');
  await runs.written();
  if (chatId === null) throw new Error('The reply belongs to no chat.');
  const reply = (await db.openThread(chatId)).messages.at(-1);
  if (reply?.role !== 'assistant' || reply.error !== null || !reply.stats?.tokens) {
    throw new Error(`The model did not answer: ${reply?.error ?? 'nothing was written'}`);
  }
  return { tokens: reply.stats.tokens };
}
