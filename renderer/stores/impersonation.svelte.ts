/** Owns the message that the model writes for the user, one at a time, until it is the draft of its chat. */
import { t } from '../../preload/contract/language.js';
import { startOf, withStart } from '../lib/impersonation.js';
import { request } from '../services/api.js';
import { drafts } from './drafts.svelte.js';
import { notices } from './notices.svelte.js';
import type { LiveRun } from './runs.svelte.js';
import { Task } from './task.svelte.js';

type Message = {
  /** Null = the new chat. */
  readonly chatId: string | null;
  /** What the user wrote of it. */
  readonly start: string;
};

class Impersonation {
  readonly #task = new Task<string>();
  #message = $state.raw<Message | null>(null);

  get isWriting(): boolean {
    return this.#message !== null;
  }

  /** What writes the message of a chat; undefined = nothing does. @param chatId null = the new chat */
  ofChat(chatId: string | null): LiveRun | undefined {
    return this.#message?.chatId === chatId ? (this.#task.run ?? undefined) : undefined;
  }

  /** The message as far as it is written. */
  get text(): string {
    return withStart(this.#message?.start ?? '', this.#task.run?.text ?? '');
  }

  /** Goes on with the draft of a chat. What was written stays, also when that is stopped or fails. */
  async write(chatId: string | null): Promise<void> {
    if (this.isWriting) return;
    const start = startOf(drafts.of(chatId));
    this.#message = { chatId, start };
    let run: LiveRun | null = null;
    await this.#task.start((runId) => {
      run = this.#task.run;
      return request('runs.impersonate', { chatId, start, runId });
    });
    const { error, result } = this.#task;
    const message = this.#message as Message | null;
    this.#message = null;
    if (error !== null) notices.fail(error);
    if (message === null) return;
    const written = withStart(start, result ?? (run as LiveRun | null)?.text ?? '').trimEnd();
    if (written !== start.trimEnd()) drafts.set(message.chatId, written);
    else if (result !== null) notices.done(t('The model wrote nothing.'));
  }

  /** The new chat got its id. */
  made(chatId: string): void {
    if (this.#message?.chatId === null) this.#message = { ...this.#message, chatId };
  }

  /** The chat is gone, and with it what is written for it. */
  forget(chatId: string): void {
    if (this.#message?.chatId !== chatId) return;
    this.#message = null;
    this.#task.stop();
  }
}

export const impersonation = new Impersonation();
