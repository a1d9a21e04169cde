/** Owns how often the page may paint text that is being written; never paints. */
import { app } from 'electron';

/**
 * Painting takes the cores from a model that runs on them: with nothing but software a frame takes about 13 ms of them
 * (measured: page, compositor and main together), with a graphics card a third of that. So it takes about 3 % of the time.
 */
const intervalMs = { software: 400, hardware: 150 } as const;

/** Least time between two frames of text beside a model that runs on the CPU. */
export function frameIntervalMs(): number {
  const { gpu_compositing } = app.getGPUFeatureStatus();
  return gpu_compositing.startsWith('enabled') ? intervalMs.hardware : intervalMs.software;
}
