/** Owns coloured code that the page may show. */
import { codeHtml } from '../../preload/contract/markdown/code-colours.js';
import { trustedHtml } from './trusted-html.js';

/** Coloured code, or null when the language is not known or the code is too long. */
export function highlight(code: string, language: string): TrustedHTML | null {
  const html = codeHtml(code, language);
  return html === null ? null : trustedHtml(html, 'code');
}
