/** Owns the leaderboard: what votes say of each contestant and of each against each; pure. */
import { aspects, type Aspect, type Choice } from '../../preload/contract/arena-words.js';
import type { BothAspects, Contestant, Leaderboard, Standing } from '../../preload/contract/arena.js';
import { ratingsOf, type Duel } from './ratings.js';

/** A vote with who stood on which side. */
export type CastVote = {
  readonly choice: Choice;
  readonly aspects: BothAspects;
  readonly category: string;
  readonly voter: string;
  readonly a: Contestant;
  readonly b: Contestant;
};

/** Points of the left side. Two bad replies are as much a tie as two good ones. */
export const pointsOf: Readonly<Record<Choice, 0 | 0.5 | 1>> = { a: 1, b: 0, tie: 0.5, 'both-bad': 0.5 };

type Rows = Pick<Leaderboard, 'standings' | 'matrix' | 'votes'>;

export function leaderboardOf(votes: readonly CastVote[]): Rows {
  const contestants = [...new Map(votes.flatMap(({ a, b }) => [a, b]).map((one) => [one.id, one])).values()];
  const places = new Map(contestants.map(({ id }, place) => [id, place]));
  const duels = votes.map(({ a, b, choice }): Duel => ({
    ...{ a: places.get(a.id)!, b: places.get(b.id)! },
    points: pointsOf[choice],
  }));
  const ratings = ratingsOf(duels, contestants.length);
  const standings = contestants.map((contestant, place): Standing => ({
    contestant,
    ...ratings[place]!,
    ...tally(duels, place),
    aspects: meansOf(contestant.id, votes),
  }));
  standings.sort(
    (one, other) => (other.rating ?? -Infinity) - (one.rating ?? -Infinity) || other.duels - one.duels,
  );
  const order = standings.map(({ contestant }) => places.get(contestant.id)!);
  const cells = contestants.map(() => contestants.map(() => ({ duels: 0, points: 0 })));
  for (const { a, b, points } of duels) {
    for (const [one, other, won] of [
      [a, b, points],
      [b, a, 1 - points],
    ] as const) {
      const cell = cells[one]![other]!;
      cell.duels++;
      cell.points += won;
    }
  }
  const matrix = order.map((row) => order.map((column) => cells[row]![column]!));
  return { standings, matrix, votes: votes.length };
}

function tally(duels: readonly Duel[], place: number) {
  const points = duels.flatMap(({ a, b, points: won }) =>
    a === place ? [won] : b === place ? [1 - won] : [],
  );
  const times = (value: number) => points.filter((won) => won === value).length;
  return { duels: points.length, wins: times(1), ties: times(0.5), losses: times(0) };
}

function meansOf(contestantId: string, votes: readonly CastVote[]): Standing['aspects'] {
  const means: Partial<Record<Aspect, { mean: number; count: number }>> = {};
  for (const aspect of aspects) {
    const scores = votes.flatMap(({ a, b, aspects: marked }) => [
      ...(a.id === contestantId ? [marked.a[aspect]] : []),
      ...(b.id === contestantId ? [marked.b[aspect]] : []),
    ]);
    const given = scores.filter((score) => score !== undefined);
    if (given.length === 0) continue;
    means[aspect] = {
      mean: given.reduce((sum, score) => sum + score, 0) / given.length,
      count: given.length,
    };
  }
  return means;
}
