/** Owns the schema of the user's settings, with their defaults. */
import { z } from 'zod';
import { measurementSchema } from './fit.js';
import { kvTypes } from './kv-types.js';
import { defaultSampling, parameters, type Parameter, type Sampling } from './parameters.js';
import { completeOrder } from './sampler-stages.js';
import { textFormats } from './text-formats.js';

function valueSchema(parameter: Parameter) {
  switch (parameter.kind) {
    case 'number': {
      const number = z.number().min(parameter.min).max(parameter.max);
      return (parameter.integer ? number.int() : number).default(parameter.default);
    }
    case 'toggle':
      return z.boolean().default(parameter.default);
    case 'text':
      return z
        .string()
        .max(100_000)
        .superRefine((text, context) => {
          const problem = textFormats[parameter.format](text);
          if (problem !== null) context.addIssue({ code: 'custom', message: problem });
        })
        .default(parameter.default);
    case 'order':
      return z.array(z.string()).transform(completeOrder).readonly().default(parameter.default);
  }
}

export const samplingSchema = z.object(
  Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]): [string, unknown] => [name, valueSchema(parameter)]),
  ) as {
    [P in keyof Sampling]: z.ZodType<Sampling[P], Sampling[P] | undefined>;
  },
);

/** What of loading a model costs memory, and can be lowered. */
export const loadSettingsSchema = z.object({
  /** Tokens. */
  contextSize: z.number().int(),
  kvType: z.enum(kvTypes),
  /** Layers on the GPU; -1 = as many as fit. */
  gpuLayers: z.number().int(),
});

/** Settings that a file was loaded with after it failed with those that were wanted. */
const loweredLoadSchema = z.object({
  /** Size and time of the file: another file under the same path starts anew. */
  stamp: z.string(),
  wanted: loadSettingsSchema,
  used: loadSettingsSchema,
  /** Why the wanted ones did not do. */
  causes: z.array(z.enum(['memory', 'crash'])),
});

export const settingsSchema = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Path of the model chosen last; loaded at start. */
  modelPath: z.string().nullable().default(null),
  /** Prompt template chosen by hand per model path; a model not listed uses the detected one. */
  templates: z.record(z.string(), z.string()).default({}),
  systemPrompt: z.string().max(100_000).default(''),
  /** Tokens; 0 = what the model was trained for, at most 8192. */
  contextSize: z.number().int().min(0).max(1_048_576).default(0),
  /** Compute threads; 0 = the cores that exist. */
  threads: z.number().int().min(0).max(256).default(0),
  /** Layers on the GPU; -1 = as many as fit. */
  gpuLayers: z.number().int().min(-1).max(1024).default(-1),
  /** A smaller model of the same vocabulary that guesses ahead; null = none. */
  draftModelPath: z.string().nullable().default(null),
  /** Tokens that the draft model guesses at a time. */
  draftTokens: z.number().int().min(1).max(16).default(4),
  /** Minutes without use after which the model is unloaded; 0 = never. */
  idleUnloadMinutes: z.number().min(0).max(10_080).default(30),
  /** Space on the disk for the states of chats, in units of 1e9 bytes; 0 keeps none. */
  promptCacheGigabytes: z.number().min(0).max(1000).default(4),
  kvType: z.enum(kvTypes).default('f16'),
  /** By model path; found by the load ladder, forgotten when the settings above change. */
  loweredLoads: z.record(z.string(), loweredLoadSchema).default({}),
  /** Address of a mirror of the hub; '' = HF_ENDPOINT, else the hub's own. */
  hubEndpoint: z.string().default(''),
  /** What the last loads took, the latest at the end; the estimates learn from them. */
  measurements: z.array(measurementSchema).default([]),
  /** What the GPU had free for a model at the last load; null without a GPU. */
  vramBytes: z.number().nullable().default(null),
  downloadsAtOnce: z.number().int().min(1).max(8).default(2),
  /** Units of 1e6 bytes per second, for all downloads together; 0 = as fast as it comes. */
  downloadMegabytesPerSecond: z.number().min(0).max(10_000).default(0),
  sidebarOpen: z.boolean().default(true),
  /** A long text that is pasted into the message becomes an attachment. */
  pasteLongTextAsAttachment: z.boolean().default(true),
  /** What the list of chats is sorted by: last use, age, or title. */
  chatOrder: z.enum(['used', 'created', 'title']).default('used'),
  /** Whether the loaded model finds titles for new chats. */
  generateTitles: z.boolean().default(true),
  /** Folders of chats that are shown without what is in them. */
  closedFolders: z.array(z.string()).default([]),
  /** Keys of the actions that do not have their default ones, by the action's id; null = none. */
  keys: z.record(z.string().max(100), z.string().max(100).nullable()).default({}),
  /** What was chosen in the command palette, the latest first. */
  recentCommands: z.array(z.string().max(5000)).max(50).default([]),
  sampling: samplingSchema.default(defaultSampling),
});

export type Settings = z.infer<typeof settingsSchema>;
export type LoadSettings = z.infer<typeof loadSettingsSchema>;
export type LoweredLoad = z.infer<typeof loweredLoadSchema>;
