/** Owns what attachments cost in a prompt: counted by the loaded model's own tokenizer, else estimated; sends nothing. */
import type { AttachmentWithText, TokenCost } from '../../preload/contract/attachments.js';
import { attachedBlock } from '../chat/attached.js';
import type { EngineHost } from '../engine/host.js';
import type { ModelLoader } from '../models/loader.js';

/** English text with the vocabularies of the LLaMA family has about four. */
const charactersPerToken = 4;

type Rooms = {
  readonly engine: Pick<EngineHost, 'countTokens'>;
  readonly loader: Pick<ModelLoader, 'status'>;
};

export class AttachmentCosts {
  /** Counting a long text takes the engine a while: once for each model is enough. */
  readonly #known = new WeakMap<AttachmentWithText, { readonly model: string; readonly tokens: number }>();
  readonly #rooms: Rooms;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  async of(attachment: AttachmentWithText): Promise<TokenCost> {
    const { status } = this.#rooms.loader;
    if (status.state !== 'ready') {
      return { tokens: estimate(attachedBlock(attachment)), isExact: false };
    }
    const known = this.#known.get(attachment);
    if (known?.model === status.path) return { tokens: known.tokens, isExact: true };
    const tokens = await this.#rooms.engine.countTokens(attachedBlock(attachment));
    this.#known.set(attachment, { model: status.path, tokens });
    return { tokens, isExact: true };
  }

  /** The length of the beginning of a text that has at most so many tokens, in UTF-16 units. */
  startOf(text: string, tokens: number): Promise<number> {
    const count =
      this.#rooms.loader.status.state === 'ready'
        ? (part: string) => this.#rooms.engine.countTokens(part)
        : async (part: string) => estimate(part);
    return longestStart(text, tokens, count);
  }
}

const estimate = (text: string) => Math.ceil(text.length / charactersPerToken);

/** A cut goes back to the end of a line or a word when one is so near. */
const borderWithin = 200;

/**
 * The longest beginning of at most so many tokens, at least one letter, ended where a line or a word ends.
 * @param count never less for a longer beginning
 */
export async function longestStart(
  text: string,
  tokens: number,
  count: (text: string) => Promise<number>,
): Promise<number> {
  const fits = async (length: number) => (await count(text.slice(0, length))) <= tokens;
  let low = 0;
  let high = Math.min(text.length, tokens * charactersPerToken);
  while (await fits(high)) {
    if (high === text.length) return high;
    low = high;
    high = Math.min(text.length, high * 2);
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await fits(middle)) low = middle;
    else high = middle;
  }
  return border(text, Math.max(1, low));
}

function border(text: string, at: number): number {
  const near = text.slice(Math.max(0, at - borderWithin), at);
  for (const sign of ['\n', ' ']) {
    const found = near.lastIndexOf(sign);
    if (found >= 0) return at - near.length + found + 1;
  }
  // Never between the halves of a letter.
  return /[\ud800-\udbff]/.test(text[at - 1]!) ? at + 1 : at;
}
