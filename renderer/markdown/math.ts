/** Owns formulas that the page may show, with their style sheet. */
import 'katex/dist/katex.min.css';
import { formulaHtml } from '../../preload/contract/markdown/formulas.js';
import { trustedHtml } from './trusted-html.js';

/** The formula as HTML, or null when it is not TeX that can be drawn: its source is shown then. */
export function drawMath(tex: string, display: boolean): TrustedHTML | null {
  const html = formulaHtml(tex, display);
  return html === null ? null : trustedHtml(html, 'math');
}
