/** Owns finding, in a vocabulary, the tokens that make up the texts at which DRY starts anew. */

/** For each token with which a breaker may begin: the tokens that then complete it, none when it is all there. */
export type SequenceBreakers = ReadonlyMap<number, readonly (readonly number[])[]>;

/** As in llama.cpp: longer ones are cut, so that looking for them stays cheap. */
const longestText = 40;
const longestTail = 20;

/**
 * A breaker may lie inside a token, or begin with the end of one and go on in others (llama.cpp's way).
 * @param tokenTexts text of each token of the vocabulary
 * @param tokenize tokens of plain text
 */
export function sequenceBreakers(
  texts: readonly string[],
  tokenTexts: readonly string[],
  tokenize: (text: string) => readonly number[],
): SequenceBreakers {
  const breakers = new Map<number, (readonly number[])[]>();
  for (const whole of texts) {
    const text = whole.slice(0, longestText);
    if (text === '') continue;
    const tails = new Map<string, readonly number[]>([['', []]]);
    tokenTexts.forEach((tokenText, token) => {
      for (const rest of restsOf(text, tokenText)) {
        const tail = tails.get(rest) ?? tokenize(rest).slice(0, longestTail);
        tails.set(rest, tail);
        breakers.set(token, [...(breakers.get(token) ?? []), tail]);
      }
    });
  }
  return breakers;
}

/** What is missing of the breaker after a token; the empty text when the token has all of it. */
function restsOf(text: string, tokenText: string): string[] {
  if (tokenText.includes(text)) return [''];
  const rests: string[] = [];
  for (let length = Math.min(text.length - 1, tokenText.length); length > 0; length--) {
    if (tokenText.endsWith(text.slice(0, length))) rests.push(text.slice(length));
  }
  return rests;
}
