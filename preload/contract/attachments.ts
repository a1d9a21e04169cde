/** Owns the records of attachments as they cross IPC, and their channels; never the texts, but for who looks at one. */
import { t } from './language.js';
import { z } from 'zod';
import { attachmentLimits } from './attachment-limits.js';
import { channel, nothing } from './channel.js';

const idSchema = z.string().min(1).max(64);

const attachmentKindSchema = z.enum([
  'text',
  'markdown',
  'code',
  'csv',
  'json',
  'html',
  'log',
  'pdf',
  'docx',
  /** A long text that was pasted. */
  'pasted',
]);

/** What was found out about a file while it was read; of a kind that lacks it, null. */
export const attachmentDetailsSchema = z.object({
  /** How the bytes of a text file were taken. */
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']).nullable().default(null),
  pages: z.number().int().nullable().default(null),
  /** Pages on which there is no text. */
  emptyPages: z.number().int().default(0),
  rows: z.number().int().nullable().default(null),
  columns: z.number().int().nullable().default(null),
  /** What stands between the columns. */
  delimiter: z.string().nullable().default(null),
});

const allSchema = z.object({ kind: z.literal('all') });
/** Of a PDF; they count from 1. */
const pagesSchema = z.object({
  kind: z.literal('pages'),
  from: z.number().int().min(1),
  to: z.number().int().min(1),
});

/** What of the text is sent; `characters` are UTF-16 units. */
export const attachmentPartSchema = z.discriminatedUnion('kind', [
  allSchema,
  pagesSchema,
  z.object({ kind: z.literal('start'), characters: z.number().int().min(1) }),
]);

export const attachmentSchema = z.object({
  id: idSchema,
  name: z.string(),
  kind: attachmentKindSchema,
  /** Of the file. */
  sizeBytes: z.number().int(),
  /** Of the whole text. */
  characters: z.number().int(),
  details: attachmentDetailsSchema,
  part: attachmentPartSchema,
});

/** How a part is asked for: the first so many tokens are counted by main. */
const wantedPartSchema = z.discriminatedUnion('kind', [
  allSchema,
  pagesSchema,
  z.object({ kind: z.literal('tokens'), tokens: z.number().int().min(1) }),
]);

const sourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), path: z.string().min(1).max(4096) }),
  /** A file of the clipboard that lies nowhere. */
  z.object({
    kind: z.literal('bytes'),
    name: z.string().max(1000),
    bytes: z.instanceof(Uint8Array).refine((bytes) => bytes.length <= attachmentLimits.fileBytes, {
      error: () =>
        t('This file is too large: {megabytes} MB is the most.', {
          megabytes: attachmentLimits.fileBytes / 1e6,
        }),
    }),
  }),
  z.object({
    kind: z.literal('pasted'),
    name: z.string().max(1000),
    text: z.string().max(attachmentLimits.characters, { error: () => t('This is too much text.') }),
  }),
]);

/** Attachments of a message that is not sent yet. */
export const attachmentIdsSchema = z.array(idSchema).max(attachmentLimits.count);

/** Tokens that an attachment costs; counted by the model that is loaded, else estimated. */
const tokenCostSchema = z.object({ tokens: z.number().int(), isExact: z.boolean() });

export const attachmentChannels = {
  /** Lets the user pick files; answers their paths. */
  'attachments.choose': channel(nothing, z.array(z.string())),
  /** Reads a file or text for a message to come, by an id of the page; its progress comes as `attachments.reading`. */
  'attachments.add': channel(z.object({ id: idSchema, source: sourceSchema }), attachmentSchema),
  /** Those of all drafts, as they were when the app ended; chatId null = of the chat that is not made yet. */
  'attachments.list': channel(
    nothing,
    z.array(z.object({ chatId: idSchema.nullable(), attachment: attachmentSchema })),
  ),
  /** These are the files of a chat's draft, in this order; they outlive the app. */
  'attachments.save': channel(z.object({ chatId: idSchema.nullable(), ids: attachmentIdsSchema }), z.void()),
  /** Takes one off again, also one that is being read; `attachments.restore` brings it back. */
  'attachments.remove': channel(z.object({ id: idSchema }), z.void()),
  'attachments.restore': channel(z.object({ id: idSchema }), attachmentSchema),
  /** Chooses what of the text is sent. */
  'attachments.setPart': channel(z.object({ id: idSchema, part: wantedPartSchema }), attachmentSchema),
  /** What each costs in the prompt; those that are gone are not in the answer. */
  'attachments.cost': channel(z.object({ ids: attachmentIdsSchema }), z.record(idSchema, tokenCostSchema)),
  /** A text that was pasted, for who wants it in the input after all. */
  'attachments.pasted': channel(z.object({ id: idSchema }), z.string()),
  /** What the model is given of one, sent or not. */
  'attachments.text': channel(z.object({ id: idSchema }), z.string()),
} as const;

export type AttachmentKind = z.infer<typeof attachmentKindSchema>;
export type AttachmentDetails = z.infer<typeof attachmentDetailsSchema>;
export type AttachmentPart = z.infer<typeof attachmentPartSchema>;
export type WantedPart = z.infer<typeof wantedPartSchema>;
export type Attachment = z.infer<typeof attachmentSchema>;
/** As it is kept: `text` is all that was read, whatever part is sent. */
export type AttachmentWithText = Attachment & { readonly text: string };
export type AttachmentSource = z.infer<typeof sourceSchema>;
export type TokenCost = z.infer<typeof tokenCostSchema>;
