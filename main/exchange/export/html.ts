/** Owns a chat as a page of its own: style and fonts within it, no script, nothing that is loaded. Pure. */
import { t } from '../../../preload/contract/language.js';
import { splitThinking } from '../../../preload/contract/thinking.js';
import type { OwnMessage } from '../own-format.js';
import { escapeHtml } from './escape.js';
import type { WriteOptions } from './formats.js';
import { markdownHtml, typedHtml } from './html-blocks.js';
import { formulaStyleWithFonts, pageStyle } from './html-style.js';
import type { ExportedChat } from './source.js';
import { aboutChat, aboutMessage, attachedNames, sectionsOf, speakerOf } from './telling.js';

/** Whatever a text may hold, the page runs and loads nothing. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:";

export function* writeHtml(chat: ExportedChat, options: WriteOptions): Generator<string> {
  yield* writePage(chat, options, false);
}

/** The same page for printing: what is folded on a screen is open. */
export function* writePrintableHtml(chat: ExportedChat, options: WriteOptions): Generator<string> {
  yield* writePage(chat, options, true);
}

function* writePage(chat: ExportedChat, { metadata }: WriteOptions, open: boolean): Generator<string> {
  const title = escapeHtml(chat.head.title);
  yield `<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Altiplano">
<title>${title}</title>
<style>${pageStyle}</style>
`;
  if (mayHaveFormulas(chat)) yield `<style>${formulaStyleWithFonts()}</style>\n`;
  yield `</head>\n<body>\n<main>\n<header>\n<h1 dir="auto">${title}</h1>\n`;
  if (metadata) {
    const facts = aboutChat(chat).map(
      ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd dir="auto">${escapeHtml(value)}</dd>\n`,
    );
    yield `<dl>\n${facts.join('')}</dl>\n`;
  }
  yield '</header>\n';
  for (const section of sectionsOf(chat)) {
    if (section.title !== null) yield `<h2 class="branch">${escapeHtml(section.title)}</h2>\n`;
    for (const id of section.messageIds) yield articleOf(chat.message(id), metadata, open);
  }
  yield '</main>\n</body>\n</html>\n';
}

/** The fonts are most of a short page, so they are in it only where a text has the signs of formulas. */
function mayHaveFormulas({ nodes, message }: ExportedChat): boolean {
  return nodes.some(({ id }) => /\$|\\\(|\\\[/.test(message(id).text));
}

function articleOf(message: OwnMessage, metadata: boolean, open: boolean): string {
  const { role, error } = message;
  const attached = attachedNames(message);
  return [
    `<article class="${role}">`,
    `<h2 dir="auto">${escapeHtml(speakerOf(message, metadata))}</h2>`,
    ...(metadata ? [`<p class="about">${escapeHtml(aboutMessage(message))}</p>`] : []),
    ...(attached === null ? [] : [`<p class="attached" dir="auto">${escapeHtml(attached)}</p>`]),
    `<div class="text">${role === 'user' ? typedHtml(message.text) : replyHtml(message.text, open)}</div>`,
    ...(error === null ? [] : [`<p class="error" dir="auto">${escapeHtml(error)}</p>`]),
    '</article>\n',
  ].join('\n');
}

function replyHtml(text: string, open: boolean): string {
  const { thinking, answer } = splitThinking(text);
  const thoughts =
    thinking === null || thinking === ''
      ? ''
      : `<details${open ? ' open' : ''}><summary>${escapeHtml(t('Thought aloud'))}</summary>\n${markdownHtml(thinking)}</details>\n`;
  return thoughts + markdownHtml(answer);
}
