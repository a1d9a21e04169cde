/** Owns which writer makes which format; the own one is apart, as one file of it holds any number of chats. */
import type { ExportFormatId } from '../../../preload/contract/export-formats.js';
import { writeHtml, writePrintableHtml } from './html.js';
import { writeMarkdown } from './markdown.js';
import { writePlainText } from './plain-text.js';
import { writeSillyTavern } from './silly-tavern.js';
import type { ExportedChat } from './source.js';
import { writeTextGenerationWebUi } from './text-generation-webui.js';
import { writeAlpaca, writeOpenAi, writeShareGpt } from './training.js';

export type WriteOptions = {
  /** Whether times, models and measurements are written, where the format can do without. */
  readonly metadata: boolean;
};

/** Writes one chat, piece by piece: never more than a few messages are in memory. */
type Writer = (chat: ExportedChat, options: WriteOptions) => Iterable<string>;

export const writers: { readonly [F in Exclude<ExportFormatId, 'altiplano'>]: Writer } = {
  markdown: writeMarkdown,
  html: writeHtml,
  // It is printed from this page.
  pdf: writePrintableHtml,
  text: writePlainText,
  sharegpt: writeShareGpt,
  openai: writeOpenAi,
  alpaca: writeAlpaca,
  'text-generation-webui': writeTextGenerationWebUi,
  sillytavern: writeSillyTavern,
};
