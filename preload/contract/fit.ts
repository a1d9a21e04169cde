/** Owns what is told of whether a model fits the machine; never how it is reckoned. */
import { z } from 'zod';
import { kvTypes } from './kv-types.js';

/** What a model takes of the memory, by its parts. */
const memoryNeedSchema = z.object({
  weightsBytes: z.number().nonnegative(),
  kvBytes: z.number().nonnegative(),
  /** Buffers for computing. */
  computeBytes: z.number().nonnegative(),
  /** The vocabulary's tables. */
  otherBytes: z.number().nonnegative(),
});

/** What llama.cpp took for a model; `computeBytes` is that of the device with most. */
export const memoryUseSchema = memoryNeedSchema.omit({ otherBytes: true }).extend({
  /** Of all of it, what is on the GPU. */
  vramBytes: z.number().nonnegative(),
});

/** A load: what was estimated before any correction, and what was taken. */
export const measurementSchema = z.object({
  /** Tells the file and its settings from others. */
  key: z.string(),
  estimated: memoryNeedSchema,
  measured: memoryUseSchema,
});

/**
 * Whether a model would load, with the settings in force.
 * `fits`: with room to spare. `tight`: it loads, but little memory is left. `no`: it is refused.
 */
export const fitSchema = z.object({
  verdict: z.enum(['fits', 'tight', 'no']),
  contextSize: z.number().int(),
  kvType: z.enum(kvTypes),
  need: memoryNeedSchema,
  /** Of the need, what must be in the machine's memory, and what of it is free. */
  ramBytes: z.number(),
  freeRamBytes: z.number(),
  /** What of the need goes to the GPU; 0 without one. */
  vramBytes: z.number(),
  /** Layers that go to the GPU, of `layers`. */
  gpuLayers: z.number().int(),
  layers: z.number().int(),
  /** Tokens of the largest context that is not refused, at most what the model was trained for; 0 = none. */
  largestContext: z.number().int(),
  /** Whether loads on this machine corrected the estimate. */
  corrected: z.boolean(),
});

export type MemoryUse = z.infer<typeof memoryUseSchema>;
export type Measurement = z.infer<typeof measurementSchema>;
export type MemoryNeed = z.infer<typeof memoryNeedSchema>;
export type Fit = z.infer<typeof fitSchema>;
