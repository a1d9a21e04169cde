/** Owns watching a reply while it is written: whether it repeats itself, or goes on as the user; never stops it. */
import type { GenerateRequest, PromptMessage } from '../../../preload/contract/engine.js';
import { LoopDetector } from './loops.js';
import { SelfTalk } from './self-talk.js';

export type Trouble = {
  readonly reason: 'loop' | 'self-talk';
  /** Where the text that should go begins, in UTF-16 units. */
  readonly from: number;
};

export class ReplyGuard {
  readonly #loops = new LoopDetector();
  readonly #selfTalk: SelfTalk;
  #inCode = false;
  /** Start of the present line: enough to tell a fence. */
  #line = '';

  /** @param messages of the prompt */
  constructor(messages: readonly Pick<PromptMessage, 'role' | 'text'>[]) {
    this.#selfTalk = new SelfTalk(
      messages.filter(({ role }) => role !== 'assistant').map(({ text }) => text),
    );
  }

  /** Takes the next text of the reply. @returns null while all is well */
  push(text: string): Trouble | null {
    for (const piece of text.split(/(?<=\n)/)) {
      const selfTalk = this.#selfTalk.push(piece, this.#inCode);
      const loop = this.#loops.push(piece, this.#inCode);
      this.#followFences(piece);
      if (selfTalk !== null) return { reason: 'self-talk', from: selfTalk };
      if (loop !== null) return { reason: 'loop', from: loop };
    }
    return null;
  }

  #followFences(piece: string): void {
    this.#line = (this.#line + piece).slice(0, 16);
    if (!piece.endsWith('\n')) return;
    if (/^\s{0,8}(?:```|~~~)/.test(this.#line)) this.#inCode = !this.#inCode;
    this.#line = '';
  }
}

/** The guard that a request asks for; null for none. A text outside turns has nobody to be mistaken for. */
export const guardOf = ({ isGuarded = false, prompt }: Pick<GenerateRequest, 'isGuarded' | 'prompt'>) =>
  isGuarded && prompt.kind === 'chat' ? new ReplyGuard(prompt.messages) : null;
