/**
 * Owns what counts as math in Markdown: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`; never draws it. For a single dollar the rule is
 * Pandoc's (manual, extension tex_math_dollars), so that prices stay text: no space within the dollars, no digit after.
 */
import type { MarkedExtension, TokenizerThis, Tokens } from 'marked';

export type MathToken = Tokens.Generic & {
  readonly type: 'math';
  readonly tex: string;
  /** On a line of its own. */
  readonly display: boolean;
};

/** A line of math may not be longer: what is longer is a lone dollar, or no math for people. */
const maxInline = 1000;

const displayForms = [
  /^ {0,3}\$\$([\s\S]+?)\$\$[ \t]*(?:\n|$)/,
  /^ {0,3}\\\[([\s\S]+?)\\\][ \t]*(?:\n|$)/,
  // Not closed yet: as with a fence of code, all that follows is within it.
  /^ {0,3}(?:\$\$|\\\[)[ \t]*\n([\s\S]*)$/,
];
const inlineForms = [
  /^\$\$((?:\\.|[^\\$])+)\$\$/,
  /^\\\(([\s\S]+?)\\\)/,
  /^\\\[([\s\S]+?)\\\]/,
  /^\$((?:\\.|[^\\$\s])|(?:\\.|[^\\$\s])(?:\\.|[^\\$\n])*?(?:\\.|[^\\$\s]))\$(?!\d)/,
];
/** `$5 each, or 6$`: an amount with words after it. */
const amount = /^\d[\d.,]*\s+[a-z]{2,}/i;

function token(this: TokenizerThis, source: string, forms: readonly RegExp[], display: boolean) {
  for (const form of forms) {
    const [raw, tex] = form.exec(source) ?? [];
    if (raw === undefined || tex === undefined || tex.trim() === '') continue;
    if (!display && (tex.length > maxInline || /\n\s*\n/.test(tex) || amount.test(tex))) continue;
    return { type: 'math', raw, tex: tex.trim(), display: display || /^(?:\$\$|\\\[)/.test(raw) };
  }
  return undefined;
}

export const mathSyntax: MarkedExtension = {
  extensions: [
    {
      name: 'displayMath',
      level: 'block',
      start: (source) => /(?:^|\n) {0,3}(?:\$\$|\\\[)/.exec(source)?.index,
      tokenizer(source) {
        return token.call(this, source, displayForms, true);
      },
    },
    {
      name: 'inlineMath',
      level: 'inline',
      start: (source) => /\$|\\\(|\\\[/.exec(source)?.index,
      tokenizer(source) {
        return token.call(this, source, inlineForms, false);
      },
    },
  ],
};
