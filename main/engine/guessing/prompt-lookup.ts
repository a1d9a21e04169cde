/** Owns guessing what comes next from what was there before; knows no model. */

/** Tokens that have to agree before a passage counts as repeated, at most and at least. */
const longestMatch = 3;
const shortestMatch = 2;

/**
 * What followed the last time that the text ended as it does now: prompt lookup decoding
 * (https://github.com/apoorvumang/prompt-lookup-decoding), over prompt and reply.
 * @param count tokens to guess at most
 * @returns none when nothing repeats
 */
export function lookUp<T extends number>(history: readonly T[], count: number): readonly T[] {
  const end = history.length;
  let best = 0;
  let bestLength = shortestMatch - 1;
  for (let place = end - 1; place > 0 && bestLength < longestMatch; place--) {
    let length = 0;
    while (
      length < longestMatch &&
      length < place &&
      history[place - 1 - length] === history[end - 1 - length]
    )
      length++;
    if (length <= bestLength) continue;
    best = place;
    bestLength = length;
  }
  return best === 0 ? [] : history.slice(best, best + count);
}
