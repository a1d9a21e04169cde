/** Owns counting the tokens of a text while it is typed: by the loaded model, else roughly. */
import { costLine } from '../lib/attachments.js';
import { request } from '../services/api.js';

const settleMs = 300;
/** English text with the vocabularies of the LLaMA family has about four. */
const charactersPerToken = 4;

export class TokenCount {
  #counted = $state.raw<{ readonly text: string; readonly tokens: number } | null>(null);
  #text = $state('');

  /** As a note: "312 tokens"; roughly while no model has counted this very text. */
  readonly note = $derived.by(() => {
    const isExact = this.#counted?.text === this.#text;
    const tokens = isExact ? this.#counted!.tokens : Math.ceil(this.#text.length / charactersPerToken);
    return costLine({ tokens, isExact });
  });

  /** Follows the text for as long as the component that calls this lives. */
  follow(text: () => string): void {
    $effect(() => {
      const now = text();
      this.#text = now;
      const timer = setTimeout(async () => {
        const tokens = await request('tokens.count', { text: now }).catch(() => null);
        if (tokens !== null) this.#counted = { text: now, tokens };
      }, settleMs);
      return () => clearTimeout(timer);
    });
  }
}
