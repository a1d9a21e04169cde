/** Owns the ratings: strengths of contestants out of duels, with intervals; pure, and never who the contestants are. */
import { randomNumbers } from '../engine/samplers/random.js';

/** One vote: contestants by their places in a list, and the points of the first one; a tie is half a point. */
export type Duel = { readonly a: number; readonly b: number; readonly points: 0 | 0.5 | 1 };

export type Rating = {
  /** `rated`, `one-sided` or `apart`; see the contract. */
  readonly standing: 'rated' | 'one-sided' | 'apart';
  /** Null where it is apart. */
  readonly rating: number | null;
  readonly low: number | null;
  readonly high: number | null;
};

/** Points of a chess player's scale for a strength of e: odds of 10 are 400 points. */
const scale = 400 / Math.LN10;
const mean = 1000;

/**
 * Each contestant is given so many duels more against an imagined one of strength 1, half won and half lost. It keeps
 * ratings finite where one only won, and bootstrap samples solvable; beside a dozen real duels it moves a rating by a few
 * points.
 */
const prior = 0.5;

const resamples = 300;
/** The shares of the resampled ratings that lie below the interval and above it. */
const tail = 0.025;
const bootstrapSeed = 2023;

/** Points of each against each, row by row. */
type Points = Float64Array;

/**
 * Strengths of the Bradley–Terry model, where i beats j by the probability s(i) / (s(i) + s(j)), by Hunter's MM algorithm
 * ("MM algorithms for generalized Bradley–Terry models", Annals of Statistics 32, 2004): each step raises the likelihood.
 * @param points row by row, what each got against each; ties are halves
 * @param virtual duels against the imagined one; 0 = the maximum of the likelihood, which exists where every contestant
 *   is linked to every other by a chain of points
 * @param from strengths to begin with
 * @returns natural logarithms of the strengths; without virtual duels their mean is 0
 */
export function bradleyTerry(
  points: Points,
  count: number,
  virtual: number,
  { tolerance = 1e-10, steps = 20_000, from }: { tolerance?: number; steps?: number; from?: Points } = {},
): Points {
  const strengths = new Float64Array(count).fill(1);
  if (from !== undefined) for (let i = 0; i < count; i++) strengths[i] = Math.exp(from[i]!);
  for (let step = 0; step < steps; step++) {
    let change = 0;
    for (let i = 0; i < count; i++) {
      let won = virtual / 2;
      let weight = virtual / (strengths[i]! + 1);
      for (let j = 0; j < count; j++) {
        const duels = points[i * count + j]! + points[j * count + i]!;
        if (duels === 0 || i === j) continue;
        won += points[i * count + j]!;
        weight += duels / (strengths[i]! + strengths[j]!);
      }
      if (weight === 0) continue;
      const next = Math.max(won / weight, Number.MIN_VALUE);
      change = Math.max(change, Math.abs(Math.log(next / strengths[i]!)));
      strengths[i] = next;
    }
    if (virtual === 0) center(strengths);
    if (change < tolerance) break;
  }
  return strengths.map(Math.log);
}

function center(strengths: Points): void {
  const shift = strengths.reduce((sum, value) => sum + Math.log(value), 0) / strengths.length;
  for (let i = 0; i < strengths.length; i++) strengths[i] = strengths[i]! / Math.exp(shift);
}

/**
 * Ratings on the scale of Elo. The contestants that chains of duels link to one another are rated among themselves, with
 * their mean at 1000; where there are several such groups, only the largest one is rated.
 * @param count contestants; the duels name them by 0 … count − 1
 */
export function ratingsOf(duels: readonly Duel[], count: number): Rating[] {
  const points = pointsOf(duels, count);
  const met = (i: number, j: number) => points[i * count + j]! + points[j * count + i]! > 0;
  const group = largest(groups(count, met));
  const linked = largest(groups(count, (i, j) => group.has(i) && points[i * count + j]! > 0, true));
  const members = [...group].sort((a, b) => a - b);
  const placeOf = new Map(members.map((contestant, place) => [contestant, place]));
  const own = duels.flatMap(({ a, b, points: won }): Duel[] => {
    const [left, right] = [placeOf.get(a), placeOf.get(b)];
    return left === undefined || right === undefined ? [] : [{ a: left, b: right, points: won }];
  });
  const best = bradleyTerry(pointsOf(own, members.length), members.length, prior);
  const ratings = anchored(best);
  const samples = bootstrap(own, members.length, best);
  return Array.from({ length: count }, (_, contestant): Rating => {
    const place = placeOf.get(contestant);
    if (place === undefined || members.length < 2) {
      return { standing: 'apart', rating: null, low: null, high: null };
    }
    const sorted = samples.map((sample) => sample[place]!).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
    // The sample of its own is one of those that might have been.
    const rating = ratings[place]!;
    return {
      standing: linked.size > 1 && linked.has(contestant) ? 'rated' : 'one-sided',
      rating,
      low: Math.min(rating, at(tail)),
      high: Math.max(rating, at(1 - tail)),
    };
  });
}

function pointsOf(duels: readonly Duel[], count: number): Points {
  const points = new Float64Array(count * count);
  for (const { a, b, points: won } of duels) {
    points[a * count + b]! += won;
    points[b * count + a]! += 1 - won;
  }
  return points;
}

function anchored(strengths: Points): Points {
  const shift = strengths.reduce((sum, value) => sum + value, 0) / strengths.length;
  return strengths.map((value) => mean + scale * (value - shift));
}

/** Ratings out of as many duels, drawn from the real ones with replacement; always the same ones. */
function bootstrap(duels: readonly Duel[], count: number, from: Points): Points[] {
  if (duels.length === 0) return [];
  const random = randomNumbers(bootstrapSeed);
  return Array.from({ length: resamples }, () => {
    const drawn = duels.map(() => duels[Math.floor(random() * duels.length)]!);
    return anchored(
      bradleyTerry(pointsOf(drawn, count), count, prior, { tolerance: 1e-5, steps: 500, from }),
    );
  });
}

/**
 * The contestants in groups.
 * @param reaches whether one leads to another
 * @param bothWays whether those of a group must reach one another in both directions
 */
function groups(count: number, reaches: (i: number, j: number) => boolean, bothWays = false): Set<number>[] {
  const all = Array.from({ length: count }, (_, index) => index);
  const reachable = (start: number, leads: (i: number, j: number) => boolean): Set<number> => {
    const found = new Set([start]);
    for (const i of found) for (const j of all) if (i !== j && leads(i, j)) found.add(j);
    return found;
  };
  const placed = new Set<number>();
  return all.flatMap((start) => {
    if (placed.has(start)) return [];
    const there = reachable(start, reaches);
    const back = bothWays ? reachable(start, (i, j) => reaches(j, i)) : there;
    const group = new Set([...there].filter((one) => back.has(one)));
    for (const one of group) placed.add(one);
    return [group];
  });
}

/** Of groups of the same size, the first one. */
const largest = (found: readonly Set<number>[]): Set<number> =>
  found.reduce((most, group) => (group.size > most.size ? group : most), new Set<number>());
