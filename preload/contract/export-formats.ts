/** Owns the formats of exports: their names, and what each is good for and loses; free of zod, for the page. */
import { msg, type Message } from './language.js';

export const exportFormatIds = [
  'altiplano',
  'markdown',
  'html',
  'pdf',
  'text',
  'sharegpt',
  'openai',
  'alpaca',
  'text-generation-webui',
  'sillytavern',
] as const;
/** Where an export goes. */
export const exportTargets = ['file', 'zip', 'clipboard'] as const;
export type ExportTarget = (typeof exportTargets)[number];

export type ExportFormatId = (typeof exportFormatIds)[number];

export type ExportFormat = {
  readonly name: Message;
  /** Of its files, without the dot. */
  readonly extension: string;
  readonly goodFor: Message;
  /** Null = nothing. */
  readonly loses: Message | null;
  /** Whether one file holds any number of chats; otherwise each chat is a file. */
  readonly holdsMany: boolean;
  /** Whether it can be copied as text. */
  readonly isText: boolean;
  /** Whether it is of use for a single message. */
  readonly forMessage: boolean;
  /** Whether times, models and measurements can be left out. */
  readonly metadataIsOptional: boolean;
};

const forPeople = { holdsMany: false, isText: true, forMessage: true, metadataIsOptional: true };
const forTraining = {
  extension: 'jsonl',
  holdsMany: true,
  isText: true,
  forMessage: false,
  metadataIsOptional: true,
};
const forOtherApps = { holdsMany: false, isText: true, forMessage: false, metadataIsOptional: true };

export const exportFormats: { readonly [F in ExportFormatId]: ExportFormat } = {
  altiplano: {
    name: msg('Altiplano (JSON)'),
    extension: 'json',
    goodFor: msg('Keeping chats, and moving them to another Altiplano.'),
    loses: null,
    holdsMany: true,
    isText: true,
    forMessage: true,
    metadataIsOptional: false,
  },
  markdown: {
    name: msg('Markdown'),
    extension: 'md',
    goodFor: msg('Notes, wikis and editors.'),
    loses: msg('Earlier texts of edited messages, and the texts of attachments.'),
    ...forPeople,
  },
  html: {
    name: msg('Web page (HTML)'),
    extension: 'html',
    goodFor: msg('Reading in any browser, with code and math drawn: one file, no script, nothing loaded.'),
    loses: msg('Earlier texts of edited messages, and the texts of attachments.'),
    ...forPeople,
  },
  pdf: {
    name: msg('PDF'),
    extension: 'pdf',
    goodFor: msg('Printing and sending, with code and math drawn and the pages numbered.'),
    loses: msg('Earlier texts of edited messages, and the texts of attachments.'),
    ...forPeople,
    isText: false,
  },
  text: {
    name: msg('Plain text'),
    extension: 'txt',
    goodFor: msg('Anything that reads text.'),
    loses: msg('Earlier texts of edited messages, and the texts of attachments.'),
    ...forPeople,
  },
  sharegpt: {
    name: msg('Training: ShareGPT (JSONL)'),
    goodFor: msg('Training models on whole conversations, one on each line.'),
    loses: msg('Options and measurements, and questions without a reply.'),
    ...forTraining,
  },
  openai: {
    name: msg('Training: OpenAI messages (JSONL)'),
    goodFor: msg('Training models on whole conversations, in the form that most programs take.'),
    loses: msg('Options and measurements, and questions without a reply.'),
    ...forTraining,
  },
  alpaca: {
    name: msg('Training: Alpaca (JSONL)'),
    goodFor: msg('Training models on single questions and replies.'),
    loses: msg('What was said before each question.'),
    ...forTraining,
  },
  'text-generation-webui': {
    name: msg('text-generation-webui (JSON)'),
    extension: 'json',
    goodFor: msg('Going on in text-generation-webui; versions of a message come along.'),
    loses: msg('What follows another version, options and measurements.'),
    ...forOtherApps,
  },
  sillytavern: {
    name: msg('SillyTavern (JSONL)'),
    extension: 'jsonl',
    goodFor: msg('Going on in SillyTavern; versions of a reply become swipes.'),
    loses: msg('What follows another version, versions of questions, attachments, options and measurements.'),
    ...forOtherApps,
  },
};
