/** Owns drawing math: TeX in, HTML and MathML out; bounded, so that no formula can hang or cover the page. */
import katex from 'katex';
import 'katex/dist/katex.min.css';
import { trustedHtml } from './trusted-html.js';

/** Expansions of macros, and the largest size in em. */
const bounds = { maxExpand: 200, maxSize: 20 };
const maxLength = 10_000;

/** The formula as HTML, or null when it is not TeX that can be drawn: its source is shown then. */
export function drawMath(tex: string, display: boolean): TrustedHTML | null {
  if (tex.length > maxLength) return null;
  try {
    const options = { ...bounds, displayMode: display, strict: 'ignore', trust: false } as const;
    return trustedHtml(katex.renderToString(tex, options), 'math');
  } catch {
    return null;
  }
}
