/** Owns titles that the model finds for chats which carry their first words: when it is asked, and that it never keeps anyone waiting. */
import { newId } from '../db/id.js';
import type { Database } from '../db/client.js';
import type { Broadcast } from '../ipc/router.js';
import type { ModelLoader } from '../models/loader.js';
import { samplingSchema } from '../../preload/contract/sampling-schema.js';
import type { Settings } from '../../preload/contract/settings.js';
import { announceChats } from './announce.js';
import { openConversation } from './conversation.js';
import type { InForceFor } from './in-force.js';
import { nobody } from './cast.js';
import { promptUpTo } from './prompt.js';
import type { Runs } from './runs.js';
import { titleIn, titleQuestion } from './title-text.js';

export type TitlesOptions = {
  readonly db: Database;
  readonly runs: Pick<Runs, 'collect' | 'stop' | 'busy'>;
  readonly loader: Pick<ModelLoader, 'status'>;
  readonly settings: () => Settings;
  readonly inForce: InForceFor;
  readonly broadcast: Broadcast;
  /** Nothing has been written for so long before a title is looked for. */
  readonly quietMs?: number;
};

/** A title is looked for while a chat is this young; later its first words are what the user knows it by. */
const maxMessages = 4;
const maxTokens = 32;

export class Titles {
  readonly #options: TitlesOptions;
  /** Chats whose title is still to be looked for. */
  readonly #pending = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The run that looks for a title; null when none does. */
  #runId: string | null = null;

  constructor(options: TitlesOptions) {
    this.#options = options;
  }

  /** A reply in this chat has ended: its title is looked for once nothing more is asked. */
  replied(chatId: string): void {
    this.#pending.add(chatId);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#findAll(), this.#options.quietMs ?? 1500);
  }

  /** Somebody wants the model: what is looked for here is given up until the next reply. */
  giveWay(): void {
    clearTimeout(this.#timer);
    if (this.#runId !== null) this.#options.runs.stop(this.#runId);
  }

  async #findAll(): Promise<void> {
    for (const chatId of this.#pending) {
      if (this.#options.runs.busy) return;
      // A title is worth no error: the first words stay.
      const isSettled = await this.#find(chatId).catch(() => true);
      if (isSettled) this.#pending.delete(chatId);
    }
  }

  /** @returns false when it had to give way */
  async #find(chatId: string): Promise<boolean> {
    const { db, runs, loader, settings, inForce } = this.#options;
    if (!settings().generateTitles || loader.status.state !== 'ready') return true;
    if (!(await db.hasFirstWordsAsTitle(chatId))) return true;
    const thread = await openConversation(db, chatId);
    const last = thread.messages.at(-1);
    if (last?.role !== 'assistant' || last.text === '' || thread.messages.length > maxMessages) return true;
    const { systemPrompt } = await inForce(thread.chat);
    // The model is asked, not the character.
    const plain = { ...thread, chat: { ...thread.chat, mode: 'instruct' as const }, cast: nobody };
    const prompt = promptUpTo(plain, last.id, systemPrompt);
    const runId = newId();
    this.#runId = runId;
    const report = await runs
      .collect(
        {
          runId,
          prompt: { ...prompt, messages: [...prompt.messages, { role: 'user', text: titleQuestion }] },
          sampling: samplingSchema.parse({ do_sample: false, max_new_tokens: maxTokens }),
        },
        { lane: chatId, priority: 'background' },
      )
      .finally(() => (this.#runId = null));
    if (report.type === 'failed') return report.error.code !== 'cancelled';
    if (report.stats.stopReason === 'stopped') return false;
    // What was cut short is no title.
    const title = report.stats.stopReason === 'end' ? titleIn(report.text) : null;
    if (title !== null && (await db.setFoundTitle(chatId, title)))
      await announceChats(this.#options, [chatId]);
    return true;
  }
}
