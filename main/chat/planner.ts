/** Owns asking the engine, before anything is saved, how a prompt would fit; never decides itself what is left out. */
import type { ChatPrompt } from '../../preload/contract/engine.js';
import type { NextPrompt } from '../../preload/contract/index.js';
import type { Database } from '../db/client.js';
import { refusal } from '../engine/budget.js';
import type { EngineHost } from '../engine/host.js';
import type { ModelLoader } from '../models/loader.js';
import { withAttachments, type Attached } from './attached.js';
import { openConversation } from './conversation.js';
import type { InForceFor } from './in-force.js';
import { newConversation, promptForReply } from './prompt.js';

export type PlannerOptions = {
  readonly db: Pick<Database, 'openThread' | 'attachmentsOf'>;
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
   * How the chat with this message at its end would fit the context; null while no model is loaded.
   * @param chatId null = a new chat
   */
  async next(
    chatId: string | null,
    draft: string,
    attached: readonly Attached[] = [],
  ): Promise<NextPrompt | null> {
    const { db, inForce } = this.#options;
    const conversation = chatId === null ? newConversation : await openConversation(db, chatId);
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
