/** Owns drawing formulas: TeX in, HTML and MathML out; bounded, so that no formula can hang or cover a page. */
import katex from 'katex';

/** Expansions of macros, and the largest size in em. */
const bounds = { maxExpand: 200, maxSize: 20 };
const maxLength = 10_000;

/** The formula as HTML for KaTeX's style sheet, or null when it is not TeX that can be drawn. */
export function formulaHtml(tex: string, display: boolean): string | null {
  if (tex.length > maxLength) return null;
  try {
    return katex.renderToString(tex, { ...bounds, displayMode: display, strict: 'ignore', trust: false });
  } catch {
    return null;
  }
}
