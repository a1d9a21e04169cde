/** Owns how well a text fits a query: its words, its age, whether it is a title; never what is read. */
import type { Match } from './matches.js';
import type { Sought } from './sought.js';

/** A title says more than a message. */
export const titleWeight = 3;
/** Of a text in which the words stand as they were typed. */
const verbatimWeight = 1.5;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * How well words fit: Okapi BM25 with the usual k1 and b (Robertson and Zaragoza, "The Probabilistic Relevance Framework:
 * BM25 and Beyond", 2009).
 * @param rarity by term: its inverse document frequency
 * @param relativeLength of the text: 1 for one as long as the average
 */
export function bm25(matches: readonly Match[], rarity: readonly number[], relativeLength: number): number {
  const [k1, b] = [1.2, 0.75];
  const counts = rarity.map(() => 0);
  for (const { term } of matches) counts[term]!++;
  const norm = k1 * (1 - b + b * relativeLength);
  return counts.reduce((sum, count, term) => sum + (rarity[term]! * count * (k1 + 1)) / (count + norm), 0);
}

/** The inverse document frequency that goes with it, never negative. */
export const rarityOf = (found: number, total: number): number =>
  Math.log(1 + (Math.max(total, found) - found + 0.5) / (found + 0.5));

type FoundText = { readonly text: string; readonly matches: readonly Match[]; readonly timeMs: number };

/** The weight of a text among those found with it; what is asked for without words ranks by its age. */
export function weightOf(
  { terms, verbatim }: Sought,
  { text, matches, timeMs }: FoundText,
  rarity: readonly number[],
  averageLength: number,
): number {
  const fit = terms.length === 0 ? 1 : bm25(matches, rarity, text.length / averageLength);
  const isVerbatim = verbatim !== null && text.toLowerCase().includes(verbatim);
  return fit * (isVerbatim ? verbatimWeight : 1) * freshness(timeMs);
}

/** From 2 for what is new down to 1 for what is old: half of the difference is gone after 90 days. */
const freshness = (timeMs: number): number => 1 + 2 ** (-Math.max(0, Date.now() - timeMs) / (90 * dayMs));
