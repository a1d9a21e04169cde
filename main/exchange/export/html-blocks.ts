/**
 * Owns Markdown as HTML for a page that is read outside the app. Every tag is written here: what a text has of its own
 * is shown as text, and nothing is loaded. Pure.
 */
import { t } from '../../../preload/contract/language.js';
import { Marked, type Token, type Tokens } from 'marked';
import { codeHtml } from '../../../preload/contract/markdown/code-colours.js';
import { fencedParts } from '../../../preload/contract/markdown/fenced.js';
import { formulaHtml } from '../../../preload/contract/markdown/formulas.js';
import { mathSyntax, type MathToken } from '../../../preload/contract/markdown/math-syntax.js';
import { plainText } from '../../../preload/contract/markdown/plain-text.js';
import { escapeHtml } from './escape.js';

const marked = new Marked(mathSyntax);

/** A reply: its Markdown drawn; one that can't be drawn is shown as it stands. */
export function markdownHtml(source: string): string {
  try {
    return blocks(marked.lexer(source));
  } catch {
    // Quotes within quotes by the thousand.
    return wordsHtml(source);
  }
}

/** A message that somebody wrote: as it was typed, with fenced code as code. */
export function typedHtml(text: string): string {
  return fencedParts(text)
    .map((part) => (part.kind === 'code' ? codeBlock(part.text, part.language) : wordsHtml(part.text)))
    .join('');
}

const wordsHtml = (text: string) => `<div class="words" dir="auto">${escapeHtml(text)}</div>`;

const blocks = (tokens: readonly Token[]): string => tokens.map(block).join('');

function block(token: Token): string {
  switch (token.type) {
    case 'space':
    case 'def':
    case 'checkbox':
      return '';
    case 'paragraph':
      return `<p dir="auto">${inline(token.tokens ?? [])}</p>\n`;
    case 'heading': {
      // The title of the page and the names of the speakers come first.
      const level = Math.min(6, (token as Tokens.Heading).depth + 2);
      return `<h${level} dir="auto">${inline(token.tokens ?? [])}</h${level}>\n`;
    }
    case 'code': {
      const { text, lang } = token as Tokens.Code;
      return codeBlock(text, lang ?? '');
    }
    case 'math':
      return `<p>${formula(token as MathToken)}</p>\n`;
    case 'list':
      return list(token as Tokens.List);
    case 'blockquote':
      return `<blockquote dir="auto">${blocks(token.tokens ?? [])}</blockquote>\n`;
    case 'table':
      return table(token as Tokens.Table);
    case 'hr':
      return '<hr>\n';
    case 'text':
      return inline(token.tokens ?? [token]);
    default:
      return `<p>${escapeHtml(token.raw)}</p>\n`;
  }
}

function codeBlock(code: string, language: string): string {
  const name = language.trim().split(/\s/)[0] ?? '';
  const label = name === '' ? '' : `<div class="language">${escapeHtml(name)}</div>`;
  return `<div class="code">${label}<pre dir="ltr"><code>${codeHtml(code, name) ?? escapeHtml(code)}</code></pre></div>\n`;
}

function list({ ordered, start, items }: Tokens.List): string {
  const tag = ordered ? 'ol' : 'ul';
  const from = ordered && start !== '' && start !== 1 ? ` start="${Number(start)}"` : '';
  const lines = items.map(({ task, checked, tokens }) => {
    const box = task ? `<input type="checkbox" disabled${checked === true ? ' checked' : ''}> ` : '';
    return `<li>${box}${blocks(tokens)}</li>\n`;
  });
  return `<${tag} dir="auto"${from}>\n${lines.join('')}</${tag}>\n`;
}

function table({ header, rows }: Tokens.Table): string {
  const row = (cells: readonly Tokens.TableCell[], tag: 'th' | 'td') =>
    `<tr>${cells
      .map(
        ({ align, tokens }) =>
          `<${tag}${align === null ? '' : ` class="${align}"`}>${inline(tokens)}</${tag}>`,
      )
      .join('')}</tr>\n`;
  const body = rows.map((cells) => row(cells, 'td')).join('');
  return `<div class="table"><table dir="auto"><thead>${row(header, 'th')}</thead><tbody>${body}</tbody></table></div>\n`;
}

const inline = (tokens: readonly Token[]): string => tokens.map(inlineOne).join('');

function inlineOne(token: Token): string {
  const inner = () => inline(('tokens' in token && token.tokens) || []);
  switch (token.type) {
    case 'text':
    case 'escape':
      return 'tokens' in token && token.tokens ? inner() : escapeHtml(plainText(token.raw, token.type));
    case 'strong':
    case 'em':
    case 'del':
      return `<${token.type}>${inner()}</${token.type}>`;
    case 'codespan':
      return `<code>${escapeHtml((token as Tokens.Codespan).text)}</code>`;
    case 'math':
      return formula(token as MathToken);
    case 'br':
      return '<br>\n';
    case 'link':
      return link((token as Tokens.Link).href, inner());
    case 'image': {
      const { href, text } = token as Tokens.Image;
      return link(
        href,
        escapeHtml(text === '' ? t('Image: untitled') : t('Image: {description}', { description: text })),
      );
    }
    case 'checkbox':
      return '';
    default:
      return escapeHtml(token.raw);
  }
}

function formula({ tex, display, raw }: MathToken): string {
  const drawn = formulaHtml(tex, display);
  return drawn === null ? `<code>${escapeHtml(raw.trim())}</code>` : `<span dir="ltr">${drawn}</span>`;
}

/** Other addresses than those of the web and of mail do nothing good in a page that came from somewhere. */
function link(href: string, inner: string): string {
  if (!/^(?:https?|mailto):/i.test(href)) return inner;
  return `<a href="${escapeHtml(href)}" rel="noopener noreferrer">${inner}</a>`;
}
