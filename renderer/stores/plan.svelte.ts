/** Owns the plan of the open chat's next prompt: asks main whenever what it depends on has settled; decides nothing. */
import type { NextPrompt } from '../../preload/contract/index.js';
import { request } from '../services/api.js';
import { attachments } from './attachments.svelte.js';
import { cast } from './cast.svelte.js';
import { thread } from './thread.svelte.js';
import { runs } from './runs.svelte.js';
import { levels } from './levels.svelte.js';
import { models } from './models.svelte.js';
import { settings } from './settings.svelte.js';

/** A pause in typing; a plan costs the engine some milliseconds. */
const settleMs = 200;

class Plan {
  /** Null while no model is loaded. */
  value = $state.raw<NextPrompt | null>(null);
  /** False from a change until its plan has come. */
  current = $state(false);
  #chatId: string | null = null;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Keeps the plan up to date for as long as the component that calls this lives. */
  follow(): void {
    const isReading = $derived.by(() => {
      const run = runs.ofChat(thread.chatId);
      return run !== undefined && run.text.length <= run.baseLength;
    });
    $effect(() => {
      // All that the next prompt depends on, beside the chat and the draft.
      void [thread.messages, thread.overflow, thread.startReplyWith, models.status];
      void [levels.inForce.systemPrompt, levels.inForce.sampling.max_new_tokens];
      void cast.inForce;
      const files = attachments.ready(thread.chatId).map(({ id }) => id);
      // While the model reads, nobody has a next message yet, and a plan takes time from it.
      const isWanted = !isReading || thread.draft !== '' || files.length > 0;
      this.#forget(thread.chatId);
      if (isWanted) this.#ask(thread.chatId, thread.draft, files);
      return () => clearTimeout(this.#timer);
    });
  }

  /** What was planned is of a chat as it was. */
  #forget(chatId: string | null): void {
    if (chatId !== this.#chatId) this.value = null;
    this.#chatId = chatId;
    this.current = false;
    this.#asked++;
  }

  #ask(chatId: string | null, draft: string, files: string[]): void {
    const asked = this.#asked;
    this.#timer = setTimeout(async () => {
      // Main plans with what it has.
      await Promise.all([settings.save(), thread.saveOptions()]);
      // When the engine dies there is nothing to tell; its status brings the next plan.
      const value = await request('chats.plan', { chatId, draft, attachments: files }).catch(() => null);
      if (asked !== this.#asked) return;
      this.value = value;
      this.current = true;
    }, settleMs);
  }
}

export const plan = new Plan();
