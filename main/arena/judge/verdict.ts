/** Owns what a judge's words mean: reading one verdict, and what two of them in both orders say of a pair; pure. */
import type { Choice } from '../../../preload/contract/arena-words.js';

/** Which of the two answers was preferred, as they stood before the judge. */
export type Verdict = 'first' | 'second' | 'tie';

const words: Readonly<Record<string, Verdict>> = {
  a: 'first',
  b: 'second',
  c: 'tie',
  tie: 'tie',
  draw: 'tie',
  equal: 'tie',
  both: 'tie',
  neither: 'tie',
};
const names = 'A|B|tie|draw|equal|both|neither';

/** The surest first; of each, what is said last counts. */
const forms: readonly RegExp[] = [
  new RegExp(`verdict\\W*(?:is\\W*)?(?:(?:answer|assistant|response)\\W*)?(${names})\\b`, 'gi'),
  /\[\[\s*(A|B|C|tie)\s*\]\]/gi,
  /\b(?:answer|assistant|response|option)\s+"?(A|B)"?\s+(?:is|does|wins|was)\b[^.\n]{0,40}?(?:better|best|preferred|the winner|wins)?/gi,
  new RegExp(`(?:better|best|winner|prefer)[^.\\n]{0,30}?\\b(?:answer|assistant|response)\\s+(A|B)\\b`, 'gi'),
  // Nothing but the letter; within a sentence, “a” is a word.
  new RegExp(`^\\W*(?:answer\\s+)?(${names})\\W*$`, 'gi'),
];

/** The verdict in a judge's words, in the form that it was asked for or another; null = none can be told. */
export function readVerdict(text: string): Verdict | null {
  for (const form of forms) {
    const said = [...text.matchAll(form)].at(-1)?.[1];
    if (said !== undefined) return words[said.toLowerCase()] ?? null;
  }
  return null;
}

export type PairVerdict = {
  readonly choice: Exclude<Choice, 'both-bad'>;
  /** Whether both orders say the same. */
  readonly agreed: boolean;
};

/**
 * What two verdicts on a pair say together; where they differ it is a tie, so that the place of an answer counts for nothing.
 * @param straight A came first @param swapped B came first
 */
export function pairVerdict(straight: Verdict, swapped: Verdict): PairVerdict {
  const choices = { first: 'a', second: 'b', tie: 'tie' } as const;
  const turned = { first: 'b', second: 'a', tie: 'tie' } as const;
  const agreed = choices[straight] === turned[swapped];
  return { choice: agreed ? choices[straight] : 'tie', agreed };
}
