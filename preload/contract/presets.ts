/** Owns the records of presets as they cross IPC, and the channels for them. */
import { t } from './language.js';
import { z } from 'zod';
import { channel, nothing } from './channel.js';
import { idSchema } from './chats.js';
import { presetGroups } from './preset-values.js';

const presetNameSchema = z
  .string()
  .trim()
  .min(1, { error: () => t('A preset needs a name.') })
  .max(100, { error: () => t('This name is longer than 100 characters.') });

/** As parameters are named everywhere. */
export const presetValueName = /^[a-z]\w{0,99}$/i;

export const presetValueSchema = z.union([
  z.number(),
  z.boolean(),
  z.string().max(100_000),
  z.array(z.string().max(1000)).max(200).readonly(),
]);

/** Only what differs from the neutral values; what this engine can't apply is kept too. */
export const presetValuesSchema = z.record(z.string().regex(presetValueName), presetValueSchema);

export const shippedPresetSchema = z.object({
  name: presetNameSchema,
  group: z.enum(presetGroups),
  /** In a sentence, what it is for. */
  does: z.string(),
  values: presetValuesSchema,
});

const presetSchema = z.object({
  id: idSchema,
  name: z.string(),
  /** Null for the user's own. */
  group: z.enum(presetGroups).nullable(),
  /** What it is for, or where it came from. */
  does: z.string(),
  values: presetValuesSchema,
});

/** What an import read, and what of it does not apply or was not taken. */
const importedPresetSchema = z.object({
  preset: presetSchema,
  /** A sentence for each value that could not even be kept. */
  problems: z.array(z.string()),
});

export const presetChannels = {
  /** The shipped ones first, then the user's own by name. */
  'presets.list': channel(nothing, z.array(presetSchema)),
  /** @throws bad-input when the name is taken */
  'presets.create': channel(z.object({ name: presetNameSchema, values: presetValuesSchema }), presetSchema),
  'presets.setValues': channel(z.object({ id: idSchema, values: presetValuesSchema }), presetSchema),
  'presets.rename': channel(z.object({ id: idSchema, name: presetNameSchema }), presetSchema),
  /** A copy of one's own, also of a shipped one. */
  'presets.duplicate': channel(z.object({ id: idSchema }), presetSchema),
  'presets.delete': channel(z.object({ id: idSchema }), z.void()),
  /** Brings a deleted one back, for the chats too that had chosen it. @throws bad-input when the name is taken */
  'presets.restore': channel(
    presetSchema.omit({ group: true }).extend({ name: presetNameSchema }),
    presetSchema,
  ),
  /** Lets the user pick files of text-generation-webui; empty when none was picked. */
  'presets.import': channel(nothing, z.array(importedPresetSchema)),
  /** Lets the user save it as such a file. @returns its path; null when none was chosen */
  'presets.export': channel(z.object({ id: idSchema }), z.string().nullable()),
} as const;

/** Broadcasts: main tells the page. */
export type PresetEvents = { readonly 'presets.changed': readonly Preset[] };

export type Preset = z.infer<typeof presetSchema>;
export type ImportedPreset = z.infer<typeof importedPresetSchema>;
