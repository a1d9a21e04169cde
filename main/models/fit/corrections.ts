/** Owns what loads on this machine teach the estimate: the share of each part that was really taken; pure. */
import type { Measurement, MemoryNeed } from '../../../preload/contract/fit.js';

/** What is estimated times this is what was taken. */
export type Corrections = {
  readonly weights: number;
  readonly kv: number;
  readonly compute: number;
};

export const noCorrections: Corrections = { weights: 1, kv: 1, compute: 1 };

/** A measurement further off than this is a fault of the measuring, not of the estimate. */
const farthest = 4;

/** Of a smaller model, fixed costs are so large a part that it says nothing of others. */
const tellingWeightsBytes = 50e6;

/** The median share of each part, so that one odd model does not spoil the estimate for all others. */
export function correctionsOf(
  measurements: readonly Pick<Measurement, 'estimated' | 'measured'>[],
): Corrections {
  const telling = measurements.filter(({ estimated }) => estimated.weightsBytes >= tellingWeightsBytes);
  const part = (key: 'weightsBytes' | 'kvBytes' | 'computeBytes') => {
    const shares = telling
      .filter(({ estimated, measured }) => estimated[key] > 0 && measured[key] > 0)
      .map(({ estimated, measured }) => measured[key] / estimated[key]);
    return Math.min(farthest, Math.max(1 / farthest, median(shares) ?? 1));
  };
  return { weights: part('weightsBytes'), kv: part('kvBytes'), compute: part('computeBytes') };
}

export function corrected(need: MemoryNeed, { weights, kv, compute }: Corrections): MemoryNeed {
  return {
    ...need,
    weightsBytes: weights * need.weightsBytes,
    kvBytes: kv * need.kvBytes,
    computeBytes: compute * need.computeBytes,
  };
}

export function isCorrecting({ weights, kv, compute }: Corrections): boolean {
  return weights !== 1 || kv !== 1 || compute !== 1;
}

/** The upper one of two in the middle: better to ask for too much memory than for too little. */
function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
