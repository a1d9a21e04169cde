/** Owns the difference of two sequences: the fewest items gone and new; never what they mean. */

/** A stretch that is the same in both (`from` in the second), new in the second, or gone from the first. */
export type Stretch = {
  readonly kind: 'same' | 'new' | 'gone';
  readonly from: number;
  readonly length: number;
};

/** Beyond so many edits the middle counts as replaced: nobody reads more, and the search grows by their square. */
const defaultMostEdits = 1000;

/**
 * Myers' greedy algorithm (An O(ND) Difference Algorithm and Its Variations, 1986), after the common start and end.
 */
export function diff<T>(before: readonly T[], after: readonly T[], mostEdits = defaultMostEdits): Stretch[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const [a, b] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const middle = edits(a, b, mostEdits) ?? [
    ...a.map((_, index) => ({ kind: 'gone' as const, at: index })),
    ...b.map((_, index) => ({ kind: 'new' as const, at: index })),
  ];
  const same = (from: number, length: number) =>
    Array.from({ length }, (_, index) => ({ kind: 'same' as const, at: from + index }));
  return join([
    ...same(0, start),
    ...middle.map(({ kind, at }) => ({ kind, at: at + start })),
    ...same(after.length - end, end),
  ]);
}

type Step = { readonly kind: Stretch['kind']; readonly at: number };

/** Each item's fate in order; null when it takes more than `most` edits. */
function edits<T>(a: readonly T[], b: readonly T[], most: number): Step[] | null {
  const furthest = new Map([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let d = 0; d <= Math.min(most, a.length + b.length); d++) {
    trace.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      let x = goesDown(furthest, k, d) ? furthest.get(k + 1)! : furthest.get(k - 1)! + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a.length, b.length);
    }
  }
  return null;
}

function goesDown(furthest: ReadonlyMap<number, number>, k: number, d: number): boolean {
  return k === -d || (k !== d && furthest.get(k - 1)! < furthest.get(k + 1)!);
}

function walkBack(trace: readonly ReadonlyMap<number, number>[], endX: number, endY: number): Step[] {
  const steps: Step[] = [];
  let [x, y] = [endX, endY];
  for (let d = trace.length - 1; d >= 0; d--) {
    const furthest = trace[d]!;
    const k = x - y;
    const down = goesDown(furthest, k, d);
    const fromK = down ? k + 1 : k - 1;
    const fromX = furthest.get(fromK)!;
    const fromY = fromX - fromK;
    while (x > Math.max(0, fromX + (down ? 0 : 1)) && y > Math.max(0, fromY + (down ? 1 : 0))) {
      x--;
      y--;
      steps.push({ kind: 'same', at: y });
    }
    if (d > 0) steps.push(down ? { kind: 'new', at: fromY } : { kind: 'gone', at: fromX });
    [x, y] = [fromX, fromY];
  }
  return steps.reverse();
}

function join(steps: readonly Step[]): Stretch[] {
  const stretches: { kind: Stretch['kind']; from: number; length: number }[] = [];
  for (const { kind, at } of steps) {
    const last = stretches.at(-1);
    if (last?.kind === kind && last.from + last.length === at) last.length++;
    else stretches.push({ kind, from: at, length: 1 });
  }
  return stretches;
}
