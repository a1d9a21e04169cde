/** Owns guessing how many tokens a text is where nobody counts them: by its bytes, corrected by what servers count. */

/** English text in the vocabularies of LLaMA; others are learnt. */
const bytesPerToken = 3.6;
/** Texts that are shorter say little of others. */
const tellingTokens = 24;

export class TokenEstimate {
  #bytesPerToken = bytesPerToken;

  of(text: string): number {
    return Math.ceil(Buffer.byteLength(text) / this.#bytesPerToken);
  }

  /** @param tokens as the server counted them */
  learn(text: string, tokens: number): void {
    if (tokens >= tellingTokens)
      this.#bytesPerToken = Math.min(8, Math.max(0.8, Buffer.byteLength(text) / tokens));
  }
}
