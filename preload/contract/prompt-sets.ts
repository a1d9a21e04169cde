/** Owns the records of prompt sets as they cross IPC, and the channels for them. */
import { t } from './language.js';
import { z } from 'zod';
import { categories } from './arena-words.js';
import { channel, nothing } from './channel.js';
import { idSchema } from './chats.js';
import { promptLimits } from './prompt-limits.js';

const setNameSchema = z
  .string()
  .trim()
  .min(1, { error: () => t('A prompt set needs a name.') })
  .max(100, { error: () => t('This name is longer than 100 characters.') });

const { categoryCharacters, textCharacters } = promptLimits;
const tooLong = {
  error: () => t('A prompt can have at most {count, number} characters.', { count: textCharacters }),
};

/** What is asked of a model. */
const promptContentSchema = z.object({
  category: z
    .string()
    .trim()
    .min(1, { error: () => t('A prompt needs a category.') })
    .max(categoryCharacters, {
      error: () => t('A category can have at most {count} characters.', { count: categoryCharacters }),
    }),
  /** How many demands it makes, where that is what it tests; null = it does not. */
  level: z.number().int().min(1).max(99).nullable(),
  text: z.string().max(textCharacters, tooLong),
  /** A good answer to check against; '' = none. */
  reference: z.string().max(textCharacters, tooLong),
});

const promptSchema = promptContentSchema.extend({ id: idSchema, setId: idSchema });

const promptSetSchema = z.object({
  id: idSchema,
  name: z.string(),
  /** What it is for, or where it came from. */
  does: z.string(),
  /** The user's own; the others come with the app, and can't be changed. */
  isOwn: z.boolean(),
  /** Prompts in it, by category; the categories in the order of their first prompts. */
  counts: z.array(z.object({ category: z.string(), count: z.number().int() })),
});

/** Constraints are added to a task one by one: its prompts are the task with none, one … left out. */
export const shippedPromptsSchema = z.object({
  name: setNameSchema,
  does: z.string(),
  prompts: z.array(
    z.object({ category: z.enum(categories), text: z.string(), reference: z.string().optional() }),
  ),
  tasks: z.array(z.object({ task: z.string(), constraints: z.array(z.string()) })),
});

/** What an import read, and a sentence for each line that it could not use, the first of them. */
const importedPromptsSchema = z.object({
  set: promptSetSchema,
  read: z.number().int(),
  problems: z.array(z.string()),
  /** Problems that are not listed. */
  moreProblems: z.number().int(),
});

const ofSet = z.object({ setId: idSchema });

export const promptSetChannels = {
  /** Those that come with the app first, then the user's own by name. */
  'promptSets.list': channel(nothing, z.array(promptSetSchema)),
  'promptSets.prompts': channel(ofSet, z.array(promptSchema)),
  /** An empty one; where the name is taken it gets another. */
  'promptSets.create': channel(z.object({ name: setNameSchema }), promptSetSchema),
  /** A copy of one's own, also of a shipped one. */
  'promptSets.duplicate': channel(ofSet, promptSetSchema),
  /** @throws bad-input when the name is taken */
  'promptSets.rename': channel(z.object({ setId: idSchema, name: setNameSchema }), promptSetSchema),
  'promptSets.delete': channel(ofSet, z.void()),
  'promptSets.addPrompt': channel(z.object({ setId: idSchema, content: promptContentSchema }), promptSchema),
  'promptSets.changePrompt': channel(z.object({ id: idSchema, content: promptContentSchema }), promptSchema),
  'promptSets.deletePrompt': channel(z.object({ id: idSchema }), z.void()),
  /** Lets the user pick a file in JSONL; null when none was picked. @throws bad-input when there is no prompt in it */
  'promptSets.import': channel(nothing, importedPromptsSchema.nullable()),
  /** Lets the user save it as such a file. @returns its path; null when none was chosen */
  'promptSets.export': channel(ofSet, z.string().nullable()),
} as const;

/** Broadcasts: main tells the page. */
export type PromptSetEvents = {
  /** The list, after any change of a set or of its prompts. */
  readonly 'promptSets.changed': readonly PromptSet[];
};

export type PromptContent = z.infer<typeof promptContentSchema>;
export type Prompt = z.infer<typeof promptSchema>;
export type PromptSet = z.infer<typeof promptSetSchema>;
export type ImportedPrompts = z.infer<typeof importedPromptsSchema>;
