/** Owns guessing how many tokens a text is where nobody counts them: by its bytes, corrected by what servers count. */

/** English text in the vocabularies of LLaMA; others are learnt. */
const bytesPerToken = 3.6;
/** Texts that are shorter say little of others; what a template writes around them must not weigh. */
const tellingTokens = { text: 24, messages: 400 } as const;

export class TokenEstimate {
  #bytesPerToken = bytesPerToken;

  of(text: string): number {
    return Math.ceil(Buffer.byteLength(text) / this.#bytesPerToken);
  }

  /**
   * @param tokens as the server counted them
   * @param sent `messages`: with what the server's template writes around the text
   */
  learn(text: string, tokens: number, sent: keyof typeof tellingTokens = 'text'): void {
    if (tokens >= tellingTokens[sent])
      this.#bytesPerToken = Math.min(8, Math.max(0.8, Buffer.byteLength(text) / tokens));
  }
}
