/** Owns finding that a text repeats itself over and over, while it comes; never stops anything. */

/** Words, stretches of white space and single signs; long ones in pieces, so that a word without end is seen too. */
const longestUnit = 24;
const unitPattern = new RegExp(
  `[\\p{L}\\p{M}\\p{N}_]{1,${longestUnit}}|\\s{1,${longestUnit}}|[^\\p{L}\\p{M}\\p{N}_\\s]`,
  'gu',
);
/** Units of the longest passage whose repetition is found: a long paragraph. */
const longestPassage = 320;

/** How often a passage must come again before it is a loop; `repeats` are those after the first time. */
type Repetition = {
  /** Characters of the passage. */
  readonly passage: number;
  readonly repeats: number;
  readonly hasLetters: boolean;
  readonly inCode: boolean;
};

/**
 * Short passages come again in good texts: refrains, rows of tables, closing brackets, rulers, laughter. The longer a
 * passage is, the fewer times it may; signs and digits alone may often, and code more often than prose.
 */
function isLoop({ passage, repeats, hasLetters, inCode }: Repetition): boolean {
  const repeated = passage * repeats;
  if (!hasLetters) return repeated >= 2000;
  const weight = inCode ? 2 : 1;
  if (passage >= 200) return repeats >= 2 * weight;
  if (passage >= 60) return repeats >= 4 * weight;
  if (passage >= 15) return repeats >= 8 * weight && repeated >= 300 * weight;
  return repeated >= 400 * weight;
}

/**
 * Takes a text piece by piece; each unit is compared with the one a passage before it, for every length of a passage, so
 * that the cost of a text grows with its length alone.
 */
export class LoopDetector {
  /** The last units and, behind each, the end of its text and how many units with letters there were; in a ring. */
  readonly #units: string[] = [];
  readonly #ends = new Float64Array(longestPassage + 1);
  readonly #letters = new Float64Array(longestPassage + 1);
  /** By the length of a passage: where in the text it began to come again; -1 = the last unit was another one. */
  readonly #since = new Float64Array(longestPassage + 1).fill(-1);
  #count = 0;
  #end = 0;
  #lettered = 0;
  /** Of a unit that may go on. */
  #rest = '';

  /**
   * @param inCode whether the text is in a block of code
   * @returns where the passage begins the second time, in UTF-16 units from the start; null while there is no loop
   */
  push(text: string, inCode: boolean): number | null {
    const all = this.#rest + text;
    let found: number | null = null;
    let taken = 0;
    for (const [unit] of all.matchAll(unitPattern)) {
      if (taken + unit.length === all.length && unit.length < longestUnit && !isSign(unit)) break;
      taken += unit.length;
      found ??= this.#take(unit, inCode);
    }
    this.#rest = all.slice(taken);
    return found;
  }

  #take(unit: string, inCode: boolean): number | null {
    const start = this.#end;
    // How much white space there is does not matter, but whether it breaks the line.
    const kind = unit.trim() !== '' ? unit : unit.includes('\n') ? '\n' : ' ';
    this.#end += unit.length;
    if (/\p{L}/u.test(unit)) this.#lettered++;
    const size = longestPassage + 1;
    const at = this.#count++;
    this.#units[at % size] = kind;
    this.#ends[at % size] = this.#end;
    this.#letters[at % size] = this.#lettered;
    let shortest: (Repetition & { readonly from: number }) | null = null;
    for (let length = 1; length <= Math.min(longestPassage, at); length++) {
      const before = (at - length) % size;
      if (this.#units[before] !== kind) {
        this.#since[length] = -1;
        continue;
      }
      if (this.#since[length]! < 0) this.#since[length] = start;
      // Longer passages are made of the shortest one that comes again.
      if (shortest !== null) continue;
      const from = this.#since[length]!;
      const passage = this.#end - this.#ends[before]!;
      const repeats = (this.#end - from) / passage;
      const hasLetters = this.#lettered > this.#letters[before]!;
      if (repeats >= 1) shortest = { passage, repeats, hasLetters, inCode, from };
    }
    return shortest !== null && isLoop(shortest) ? shortest.from : null;
  }
}

const isSign = (unit: string) => !/^[\p{L}\p{M}\p{N}_\s]/u.test(unit);
