import { expect, test } from 'vitest';
import { bradleyTerry, ratingsOf, type Duel } from '../../../../main/arena/ratings.js';
import { randomNumbers } from '../../../../main/engine/samplers/random.js';

const matrix = (rows: readonly (readonly number[])[]) => Float64Array.from(rows.flat());

/** The maximum of the likelihood by another way: Newton's method on the logarithms of the strengths, the last one fixed. */
function newton(rows: readonly (readonly number[])[]): number[] {
  const count = rows.length;
  const values = new Array<number>(count).fill(0);
  for (let round = 0; round < 50; round++) {
    const gradient = new Array<number>(count - 1).fill(0);
    const hessian = Array.from({ length: count - 1 }, () => new Array<number>(count - 1).fill(0));
    for (let i = 0; i < count - 1; i++) {
      for (let j = 0; j < count; j++) {
        if (i === j) continue;
        const duels = rows[i]![j]! + rows[j]![i]!;
        const chance = 1 / (1 + Math.exp(values[j]! - values[i]!));
        gradient[i]! += rows[i]![j]! - duels * chance;
        hessian[i]![i]! += duels * chance * (1 - chance);
        if (j < count - 1) hessian[i]![j]! -= duels * chance * (1 - chance);
      }
    }
    solve(hessian, gradient).forEach((step, i) => (values[i]! += step));
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  return values.map((value) => value - mean);
}

/** Gauss's elimination; the matrix is positive definite. */
function solve(left: number[][], right: number[]): number[] {
  const rows = left.map((row, i) => [...row, right[i]!]);
  rows.forEach((pivot, at) => {
    const head = pivot[at]!;
    pivot.forEach((value, column) => (pivot[column] = value / head));
    rows.forEach((row, other) => {
      if (other === at) return;
      const factor = row[at]!;
      row.forEach((value, column) => (row[column] = value - factor * pivot[column]!));
    });
  });
  return rows.map((row) => row.at(-1)!);
}

const times = (count: number, duel: Duel): Duel[] => Array.from({ length: count }, () => duel);
const won = (a: number, b: number, count: number) => times(count, { a, b, points: 1 });
const tied = (a: number, b: number, count: number) => times(count, { a, b, points: 0.5 });

test('of two, the strengths are as their wins; a tie is half a win of each', () => {
  const [one, other] = bradleyTerry(
    matrix([
      [0, 30],
      [10, 0],
    ]),
    2,
    0,
  );
  expect(one! - other!).toBeCloseTo(Math.log(3), 8);
  const [best, worst] = bradleyTerry(
    matrix([
      [0, 25 + 5],
      [5 + 5, 0],
    ]),
    2,
    0,
  );
  expect(best! - worst!).toBeCloseTo(Math.log(3), 8);
});

test('of several, they are what Newton’s method finds', () => {
  const random = randomNumbers(7);
  for (const count of [3, 3, 4, 6]) {
    const rows = Array.from({ length: count }, (_, i) =>
      Array.from({ length: count }, (_, j) => (i === j ? 0 : 1 + Math.floor(random() * 20) / 2)),
    );
    const expected = newton(rows);
    bradleyTerry(matrix(rows), count, 0).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  }
});

test('a chain of duels compares those that never met', () => {
  const rows = [
    [0, 3, 0],
    [1, 0, 4],
    [0, 2, 0],
  ];
  const [first, middle, last] = bradleyTerry(matrix(rows), 3, 0);
  expect(first! - middle!).toBeCloseTo(Math.log(3), 6);
  expect(middle! - last!).toBeCloseTo(Math.log(2), 6);
});

test('the figures of a textbook come out: baseball, American League East, 1987 (Agresti)', () => {
  const teams = ['Milwaukee', 'Detroit', 'Toronto', 'New York', 'Boston', 'Cleveland', 'Baltimore'];
  const strengths = bradleyTerry(
    matrix([
      [0, 7, 9, 7, 7, 9, 11],
      [6, 0, 7, 5, 11, 9, 9],
      [4, 6, 0, 7, 7, 8, 12],
      [6, 8, 6, 0, 6, 7, 10],
      [6, 2, 6, 7, 0, 7, 12],
      [4, 4, 5, 6, 6, 0, 6],
      [2, 4, 1, 3, 1, 7, 0],
    ]),
    teams.length,
    0,
  );
  const overBaltimore = strengths.map((value) => value - strengths.at(-1)!);
  [1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839, 0].forEach((published, i) =>
    expect(overBaltimore[i], teams[i]).toBeCloseTo(published, 3),
  );
});

test('the scale is Elo’s: with ten times the wins, nearly 400 points more; the mean is 1000', () => {
  const [one, other] = ratingsOf([...won(0, 1, 1000), ...won(1, 0, 100)], 2);
  expect(one!.rating! + other!.rating!).toBeCloseTo(2000, 6);
  const points = one!.rating! - other!.rating!;
  expect(points).toBeGreaterThan(398);
  expect(points).toBeLessThan(400);
  expect(one!.standing).toBe('rated');
});

test('intervals hold the rating, are the same each time, and narrow with more duels', () => {
  const duels = (factor: number) => [
    ...won(0, 1, 6 * factor),
    ...won(1, 0, 4 * factor),
    ...tied(0, 1, 2 * factor),
    ...won(1, 2, 5 * factor),
    ...won(2, 0, 3 * factor),
  ];
  const few = ratingsOf(duels(1), 3);
  const many = ratingsOf(duels(25), 3);
  expect(ratingsOf(duels(1), 3)).toEqual(few);
  for (const ratings of [few, many]) {
    for (const { rating, low, high } of ratings) {
      expect(low!).toBeLessThanOrEqual(rating!);
      expect(high!).toBeGreaterThanOrEqual(rating!);
    }
  }
  const width = ({ low, high }: (typeof few)[number]) => high! - low!;
  few.forEach((one, i) => expect(width(many[i]!)).toBeLessThan(width(one) / 2));
});

test('the interval of two is about as wide as theory has it', () => {
  // Of 400 duels, 200 won: the standard error of the log-odds is 1 / sqrt(n p q) = 0.1, and each of the two has half.
  const [one] = ratingsOf([...won(0, 1, 200), ...won(1, 0, 200)], 2);
  const expected = ((2 * 1.96 * 0.1) / 2) * (400 / Math.LN10);
  expect((one!.high! - one!.low!) / expected).toBeGreaterThan(0.75);
  expect((one!.high! - one!.low!) / expected).toBeLessThan(1.3);
});

test('who only wins has a finite rating, which is said to be one-sided', () => {
  const [winner, second, third] = ratingsOf([...won(0, 1, 5), ...won(1, 2, 3), ...won(2, 1, 3)], 3);
  expect(winner).toMatchObject({ standing: 'one-sided' });
  expect(winner!.rating!).toBeGreaterThan(second!.rating!);
  expect(Number.isFinite(winner!.high)).toBe(true);
  expect([second!.standing, third!.standing]).toEqual(['rated', 'rated']);
});

test('groups that never met are not compared: the larger one is rated', () => {
  const ratings = ratingsOf(
    [...won(0, 1, 1), ...won(1, 0, 1), ...won(2, 3, 2), ...won(3, 4, 2), ...won(4, 2, 1)],
    5,
  );
  expect(ratings.map(({ standing }) => standing)).toEqual(['apart', 'apart', 'rated', 'rated', 'rated']);
  expect(ratings[0]).toEqual({ standing: 'apart', rating: null, low: null, high: null });
  const rated = ratings.slice(2).map(({ rating }) => rating!);
  expect(rated.reduce((sum, value) => sum + value, 0)).toBeCloseTo(3000, 6);
});

test('without duels nobody is rated', () => {
  expect(ratingsOf([], 0)).toEqual([]);
  expect(ratingsOf([], 1)).toMatchObject([{ standing: 'apart', rating: null }]);
});
