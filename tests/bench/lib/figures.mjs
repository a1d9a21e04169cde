/** Owns what every bench says of its figures: their middle, and the machine they come from. */
import { cpus } from 'node:os';

export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

export const machine = () => `${cpus()[0]?.model}, ${cpus().length} cores`;

/** Half of the values, 95 of 100 of them, and all of them are at most so large. */
export function percentiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  return { p50: at(0.5), p95: at(0.95), max: sorted.at(-1) };
}
