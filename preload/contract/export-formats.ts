/** Owns the formats of exports: their names, and what each is good for and loses; free of zod, for the page. */

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
  readonly name: string;
  /** Of its files, without the dot. */
  readonly extension: string;
  readonly goodFor: string;
  /** Null = nothing. */
  readonly loses: string | null;
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
    name: 'Altiplano (JSON)',
    extension: 'json',
    goodFor: 'Keeping chats, and moving them to another Altiplano.',
    loses: null,
    holdsMany: true,
    isText: true,
    forMessage: true,
    metadataIsOptional: false,
  },
  markdown: {
    name: 'Markdown',
    extension: 'md',
    goodFor: 'Notes, wikis and editors.',
    loses: 'Earlier texts of edited messages, and the texts of attachments.',
    ...forPeople,
  },
  html: {
    name: 'Web page (HTML)',
    extension: 'html',
    goodFor: 'Reading in any browser, with code and math drawn: one file, no script, nothing loaded.',
    loses: 'Earlier texts of edited messages, and the texts of attachments.',
    ...forPeople,
  },
  pdf: {
    name: 'PDF',
    extension: 'pdf',
    goodFor: 'Printing and sending, with code and math drawn and the pages numbered.',
    loses: 'Earlier texts of edited messages, and the texts of attachments.',
    ...forPeople,
    isText: false,
  },
  text: {
    name: 'Plain text',
    extension: 'txt',
    goodFor: 'Anything that reads text.',
    loses: 'Earlier texts of edited messages, and the texts of attachments.',
    ...forPeople,
  },
  sharegpt: {
    name: 'Training: ShareGPT (JSONL)',
    goodFor: 'Training models on whole conversations, one on each line.',
    loses: 'Options and measurements, and questions without a reply.',
    ...forTraining,
  },
  openai: {
    name: 'Training: OpenAI messages (JSONL)',
    goodFor: 'Training models on whole conversations, in the form that most programs take.',
    loses: 'Options and measurements, and questions without a reply.',
    ...forTraining,
  },
  alpaca: {
    name: 'Training: Alpaca (JSONL)',
    goodFor: 'Training models on single questions and replies.',
    loses: 'What was said before each question.',
    ...forTraining,
  },
  'text-generation-webui': {
    name: 'text-generation-webui (JSON)',
    extension: 'json',
    goodFor: 'Going on in text-generation-webui; versions of a message come along.',
    loses: 'What follows another version, options and measurements.',
    ...forOtherApps,
  },
  sillytavern: {
    name: 'SillyTavern (JSONL)',
    extension: 'jsonl',
    goodFor: 'Going on in SillyTavern; versions of a reply become swipes.',
    loses: 'What follows another version, versions of questions, attachments, options and measurements.',
    ...forOtherApps,
  },
};
