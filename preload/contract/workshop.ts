/** Owns the records of the workshop as they cross IPC, and the channels for them. */
import { t } from './language.js';
import { z } from 'zod';
import { channel, nothing } from './channel.js';
import { idSchema } from './chats.js';
import { templatePreviewSchema, writtenTemplateSchema } from './template-preview.js';
import { shelves, workshopForms } from './workshop-forms.js';

const nameSchema = z
  .string()
  .trim()
  .min(1, { error: () => t('It needs a name.') })
  .max(100, { error: () => t('This name is longer than 100 characters.') });

/** The largest templates in use have some 10,000 letters. */
export const mostWorkshopCharacters = 500_000;
const textSchema = z.string().max(mostWorkshopCharacters, { error: () => t('This text is too long.') });

const workshopItemSchema = z.object({
  id: idSchema,
  form: z.enum(workshopForms),
  name: z.string(),
  text: z.string(),
  /** What it is for, or where it came from. */
  does: z.string(),
  /** The user's own; the others come with the app, and can't be changed. */
  isOwn: z.boolean(),
});

export const shippedGrammarSchema = z.object({
  name: nameSchema,
  form: z.enum(['gbnf', 'json-schema']),
  does: z.string(),
  /** Line by line. */
  text: z.array(z.string()),
});

export const workshopChannels = {
  /** Those that come with the app first, then the user's own by name. */
  'workshop.list': channel(nothing, z.array(workshopItemSchema)),
  /** One whose name is taken gets another. */
  'workshop.create': channel(
    z.object({ form: z.enum(workshopForms), name: nameSchema, text: textSchema, does: z.string().max(300) }),
    workshopItemSchema,
  ),
  /** @throws bad-input when the name is taken */
  'workshop.change': channel(
    z.object({ id: idSchema, name: nameSchema.optional(), text: textSchema.optional() }),
    workshopItemSchema,
  ),
  'workshop.delete': channel(z.object({ id: idSchema }), z.void()),
  /** Brings a deleted one back, for the models too that had it; where its name is taken by now it gets another. */
  'workshop.restore': channel(
    workshopItemSchema.omit({ isOwn: true }).extend({ name: nameSchema, text: textSchema }),
    workshopItemSchema,
  ),
  /** Lets the user pick files; empty when none was picked. */
  'workshop.import': channel(z.object({ shelf: z.enum(shelves) }), z.array(workshopItemSchema)),
  /** Lets the user save it as a file that other programs read. @returns its path; null when none was chosen */
  'workshop.export': channel(z.object({ id: idSchema }), z.string().nullable()),
  /** What a template that is being written makes of a short conversation, with the loaded model's tokens. */
  'workshop.preview': channel(writtenTemplateSchema.extend({ text: textSchema }), templatePreviewSchema),
  /** The template that the loaded model's file carries; null = none. */
  'workshop.modelTemplate': channel(nothing, z.string().nullable()),
} as const;

/** Broadcasts: main tells the page. */
export type WorkshopEvents = { readonly 'workshop.changed': readonly WorkshopItem[] };

export type WorkshopItem = z.infer<typeof workshopItemSchema>;
