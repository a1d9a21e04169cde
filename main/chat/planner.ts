/** Owns asking the engine, before anything is saved, how a prompt would fit; never decides itself what is left out. */
import type { ChatPrompt } from '../../preload/contract/engine.js';
import type { NextPrompt } from '../../preload/contract/index.js';
import type { LeftOutReason, OutlineMessage } from '../../preload/contract/chats.js';
import type { Database } from '../db/client.js';
import { refusal, turnsOf } from '../engine/budget.js';
import type { EngineHost } from '../engine/host.js';
import type { ModelLoader } from '../models/loader.js';
import { withAttachments, type Attached } from './attached.js';
import { openConversation, type ConversationSource } from './conversation.js';
import type { InForceFor } from './in-force.js';
import { newConversation, promptForReply, type Conversation } from './prompt.js';

/** Messages that are read at first; when all of them fit, four times as many. */
const firstCount = 100;

export type PlannerOptions = {
  readonly db: ConversationSource & Pick<Database, 'outlineOf'>;
  readonly engine: Pick<EngineHost, 'planPrompt'>;
  readonly loader: Pick<ModelLoader, 'status' | 'ensureLoaded'>;
  readonly inForce: InForceFor;
};

export class Planner {
  readonly #options: PlannerOptions;

  constructor(options: PlannerOptions) {
    this.#options = options;
  }

  /**
   * How the chat with this message at its end would fit the context; null while no model is loaded. Of a long chat
   * only the texts that may fit are read.
   * @param chatId null = a new chat
   */
  async next(
    chatId: string | null,
    draft: string,
    attached: readonly Attached[] = [],
  ): Promise<NextPrompt | null> {
    if (chatId === null) return this.#next(newConversation, draft, attached);
    const { db } = this.#options;
    const end = await openConversation(db, chatId, firstCount);
    if (end.after === null) return this.#next(end, draft, attached);
    const { chat } = end;
    const outline = await db.outlineOf(chatId);
    const isPinned = outline.some(({ inclusion }) => inclusion === 'pinned');
    const needsAll = chat.overflow === 'stop' || (chat.overflow === 'keep-pinned' && isPinned);
    for (let count = needsAll ? outline.length : firstCount; count < outline.length; count *= 4) {
      const { messages } = count === firstCount ? end : await openConversation(db, chatId, count);
      // From the beginning of a turn on.
      const from = messages.findIndex(({ role }) => role === 'user');
      const before = outline.findIndex(({ id }) => id === messages[from]?.id);
      if (before < 0) continue;
      const plan = await this.#next({ ...end, messages: messages.slice(from) }, draft, attached);
      if (plan === null) return null;
      // The oldest leave first: where one of these has to, all before them have to.
      if (!Object.values(plan.leftOut).includes('context-full')) continue;
      return { ...plan, leftOut: { ...reasonsOf(outline.slice(0, before)), ...plan.leftOut } };
    }
    return this.#next(await openConversation(db, chatId), draft, attached);
  }

  async #next(
    conversation: Conversation,
    draft: string,
    attached: readonly Attached[],
  ): Promise<NextPrompt | null> {
    const { inForce } = this.#options;
    const { messages } = conversation;
    const { systemPrompt, sampling } = await inForce(conversation.chat);
    const prompt = promptForReply(
      conversation,
      messages.at(-1)?.id ?? null,
      withAttachments(draft, attached),
      systemPrompt,
    );
    const plan = await this.#plan(prompt, sampling.max_new_tokens);
    if (plan === null) return null;
    const { leftOut, ...totals } = plan;
    const before = prompt.messages.findIndex(({ role }) => role !== 'system');
    const reasons = messages.flatMap(({ id }, index) => {
      const reason = leftOut[before + index] ?? null;
      return reason === null ? [] : [[id, reason] as const];
    });
    return { ...totals, leftOut: Object.fromEntries(reasons) };
  }

  /**
   * Refuses a prompt that can't be sent. A chat that stops when its context is full waits for the model to be sure;
   * in others the run itself says so when no model is loaded yet.
   * @param maxNewTokens 0 = not limited
   * @throws AppError prompt-too-long
   */
  async requireRoom(prompt: ChatPrompt, maxNewTokens: number): Promise<void> {
    if (prompt.policy === 'stop') await this.#options.loader.ensureLoaded();
    const plan = await this.#plan(prompt, maxNewTokens);
    const refused = plan === null ? null : refusal(prompt, plan);
    if (refused !== null) throw refused;
  }

  async #plan(prompt: ChatPrompt, maxNewTokens: number) {
    const { engine, loader } = this.#options;
    if (loader.status.state !== 'ready') return null;
    return engine.planPrompt(prompt, maxNewTokens);
  }
}

/** Why each message of turns that are too old for the context is left out. */
function reasonsOf(messages: readonly OutlineMessage[]): Record<string, LeftOutReason> {
  const reasons = turnsOf(messages).flatMap(({ indexes, leftOut }) =>
    indexes.map((index) => [messages[index]!.id, leftOut ? 'by-hand' : 'context-full'] as const),
  );
  return Object.fromEntries(reasons);
}
