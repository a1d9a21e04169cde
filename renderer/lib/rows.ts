/** Owns which rows of a long list are drawn and how tall the rest is: measured heights, and estimates until then. No DOM. */

/** What the view looks at: the end, or a row at a distance from the top of the view, in CSS pixels. */
export type Anchor = { readonly id: string; readonly offset: number } | 'end';

/** A stretch of the list that is drawn, or the height of one that is not. */
export type Part =
  | { readonly kind: 'row'; readonly key: string; readonly index: number }
  | { readonly kind: 'gap'; readonly key: string; readonly height: number };

type Row = { readonly id: string };

/** Heights of the rows of one list, by id; sums are kept, and made anew only from the first row that changed. */
export class Rows<T extends Row> {
  #list: readonly T[] = [];
  readonly #index = new Map<string, number>();
  readonly #measured = new Map<string, number>();
  /** `#sums[i]` = height of the rows before i; right up to `#rightTo`. */
  #sums = new Float64Array(1);
  #rightTo = 0;
  readonly #estimate: (row: T) => number;

  /** @param estimate height of a row that was never drawn, in CSS pixels */
  constructor(estimate: (row: T) => number) {
    this.#estimate = estimate;
  }

  get count(): number {
    return this.#list.length;
  }

  /** Another list, or the same one with other rows; what was measured of a row stays known. */
  show(list: readonly T[]): void {
    if (list === this.#list) return;
    this.#list = list;
    this.#index.clear();
    for (const [index, { id }] of list.entries()) this.#index.set(id, index);
    this.#sums = new Float64Array(list.length + 1);
    this.#rightTo = 0;
  }

  indexOf(id: string): number | undefined {
    return this.#index.get(id);
  }

  measured(id: string, height: number): void {
    if (this.#measured.get(id) === height) return;
    this.#measured.set(id, height);
    this.#rightTo = Math.min(this.#rightTo, this.#index.get(id) ?? Infinity);
  }

  /** Height of all rows before this one. */
  before(index: number): number {
    for (; this.#rightTo < index; this.#rightTo++) {
      const row = this.#list[this.#rightTo]!;
      const height = this.#measured.get(row.id) ?? this.#estimate(row);
      this.#sums[this.#rightTo + 1] = this.#sums[this.#rightTo]! + height;
    }
    return this.#sums[index]!;
  }

  /** The row at this distance from the top of the list; the nearest one beyond the ends. */
  at(y: number): number {
    this.before(this.count);
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#sums[middle]! <= y) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  /**
   * What to draw for a view.
   * @param height of the view
   * @param reserve drawn beyond both of its edges
   * @param kept rows that stay wherever they are
   */
  parts(
    anchor: Anchor,
    height: number,
    reserve: number,
    kept: readonly (readonly [string, string])[],
  ): Part[] {
    if (this.count === 0) return [];
    const index = anchor === 'end' ? undefined : this.indexOf(anchor.id);
    const top =
      anchor === 'end' || index === undefined
        ? this.before(this.count) - height
        : this.before(index) - anchor.offset;
    const spans = [[this.at(top - reserve), this.at(top + height + reserve) + 1] as const];
    for (const [first, last] of kept) {
      const [from, to] = [this.indexOf(first), this.indexOf(last)];
      if (from !== undefined && to !== undefined) spans.push([Math.min(from, to), Math.max(from, to) + 1]);
    }
    spans.sort(([a], [b]) => a - b);
    const parts: Part[] = [];
    let next = 0;
    const gapTo = (end: number) => {
      const gap = this.before(end) - this.before(next);
      if (gap > 0)
        parts.push({ kind: 'gap', key: `gap ${parts.length === 0 ? 'first' : next}`, height: gap });
    };
    for (const [start, end] of spans) {
      if (start > next) gapTo(start);
      for (let at = Math.max(start, next); at < end; at++)
        parts.push({ kind: 'row', key: this.#list[at]!.id, index: at });
      next = Math.max(next, end);
    }
    if (next < this.count) gapTo(this.count);
    return parts;
  }
}
