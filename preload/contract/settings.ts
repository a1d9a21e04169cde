/** Owns the user's settings and the parameters of a generation: names, ranges and defaults. */
import { z } from 'zod';

const slider = (min: number, max: number, neutral: number) => z.number().min(min).max(max).default(neutral);

/** Sampling parameters, with the names, ranges and defaults of text-generation-webui's Parameters tab. */
export const samplingSchema = z.object({
  temperature: slider(0, 5, 0.7),
  top_p: slider(0, 1, 0.95),
  top_k: slider(0, 200, 40),
  min_p: slider(0, 1, 0.05),
  repetition_penalty: slider(1, 1.5, 1.1),
  repetition_penalty_range: slider(0, 4096, 1024),
  frequency_penalty: slider(0, 2, 0),
  presence_penalty: slider(0, 2, 0),
  /** Tokens per reply; 0 = until the model stops or the context is full. */
  max_new_tokens: slider(0, 32768, 0),
  /** -1 draws a new seed for each reply; the one drawn is kept with the reply. */
  seed: z.number().int().min(-1).max(0xffffffff).default(-1),
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
  sidebarOpen: z.boolean().default(true),
  sampling: samplingSchema.default(samplingSchema.parse({})),
});

export type Sampling = z.infer<typeof samplingSchema>;
export type Settings = z.infer<typeof settingsSchema>;
