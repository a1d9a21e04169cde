/**
 * Owns the marks on what was found in the messages that are drawn, as they come, go and grow; changes nothing in them.
 * Drawn by `::highlight()` in base.css.
 */
import { placesIn, type Sought } from '../../../preload/contract/find-text.js';
import type { FoundPlace } from '../../lib/find.js';

const names = { all: 'found', one: 'found-now' } as const;
/** What is drawn with a message's text, and is none of it. */
const unsearched = 'button:not(.link), summary, textarea, .katex, [role=status], [data-unsearched]';
/** What stands apart from what is beside it, so that no word goes on from one into the next. */
const apart = 'p, li, h1, h2, h3, h4, h5, h6, td, th, pre, blockquote, div';

export class FindMarks {
  #root: HTMLElement | null = null;
  #sought: Sought | null = null;
  #place: FoundPlace | null = null;
  readonly #byRow = new Map<HTMLElement, Range[]>();
  readonly #changed = new Set<HTMLElement>();
  #isAsked = false;

  /** For the element that holds the conversation. */
  readonly watch = (element: HTMLElement) => {
    this.#root = element;
    const observer = new MutationObserver((records) => this.#onChange(records));
    observer.observe(element, { childList: true, characterData: true, subtree: true });
    return () => {
      observer.disconnect();
      this.#root = null;
      this.show(null, null);
    };
  };

  /** @param place the one that was gone to */
  show(sought: Sought | null, place: FoundPlace | null): void {
    if (sought !== this.#sought) this.#byRow.clear();
    this.#sought = sought;
    this.#place = place;
    this.#draw();
  }

  /** Where a place of a row is in the window; undefined when it is not drawn. */
  rectOf(row: HTMLElement, index: number): DOMRect | undefined {
    return this.#findIn(row)[index]?.getBoundingClientRect();
  }

  #onChange(records: readonly MutationRecord[]): void {
    if (this.#sought === null) return;
    for (const { target } of records) {
      const row = (target instanceof Element ? target : target.parentElement)?.closest('[data-row]');
      if (row instanceof HTMLElement) this.#changed.add(row);
    }
    if (this.#isAsked) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      this.#draw();
    });
  }

  #draw(): void {
    for (const row of this.#changed) this.#byRow.delete(row);
    this.#changed.clear();
    const all = new Highlight();
    const one = new Highlight();
    one.priority = 1;
    const rows = this.#sought === null ? [] : (this.#root?.querySelectorAll<HTMLElement>('[data-row]') ?? []);
    for (const row of rows) {
      const ranges = this.#byRow.get(row) ?? this.#findIn(row);
      for (const range of ranges) all.add(range);
      const now = row.dataset['row'] === this.#place?.messageId ? ranges[this.#place!.index] : undefined;
      if (now !== undefined) one.add(now);
    }
    for (const row of this.#byRow.keys()) if (!row.isConnected) this.#byRow.delete(row);
    CSS.highlights.set(names.all, all);
    CSS.highlights.set(names.one, one);
  }

  #findIn(row: HTMLElement): Range[] {
    const wanted = this.#sought;
    if (wanted === null) return [];
    const ranges = [...row.querySelectorAll('[data-searched]')].flatMap((text) => rangesIn(text, wanted));
    this.#byRow.set(row, ranges);
    return ranges;
  }
}

function rangesIn(element: Element, wanted: Sought): Range[] {
  const nodes: { readonly node: Node; readonly start: number }[] = [];
  let text = '';
  let block: Element | null | undefined;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) =>
    node instanceof Element
      ? node.matches(unsearched)
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_SKIP
      : NodeFilter.FILTER_ACCEPT,
  );
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const around = node.parentElement?.closest(apart);
    if (block !== undefined && around !== block) text += '\n';
    block = around;
    nodes.push({ node, start: text.length });
    text += node.nodeValue ?? '';
  }
  let at = 0;
  const pointAt = (offset: number) => {
    while (at + 1 < nodes.length && nodes[at + 1]!.start < offset) at++;
    const { node, start } = nodes[at]!;
    return [node, Math.min(offset - start, node.nodeValue?.length ?? 0)] as const;
  };
  return placesIn(text, wanted).map(({ start, end }) => {
    const range = document.createRange();
    // The first letter tells in which piece it begins.
    const [first, after] = pointAt(start + 1);
    range.setStart(first, Math.max(0, after - 1));
    range.setEnd(...pointAt(end));
    return range;
  });
}
