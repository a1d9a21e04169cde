/** Owns the estimate whether a model fits the machine before it is loaded or even fetched; reads and measures nothing. */
import type { Fit, MemoryNeed } from '../../../preload/contract/fit.js';
import type { LoadSettings } from '../../../preload/contract/settings.js';
import { defaultContext, largestContext, memoryNeed, type ModelShape } from '../../engine/memory.js';
import { corrected, isCorrecting, noCorrections, type Corrections } from './corrections.js';

/** A model, and how it would be loaded; `contextSize` 0 = the model's default. */
export type Candidate = LoadSettings & {
  readonly shape: ModelShape;
  /** Size of the file, or of all files of a split model. */
  readonly weightsBytes: number;
};

/** What of the machine's memory is to be had for a model. */
export type Machine = {
  readonly ramBytes: number;
  /** Null without a GPU. */
  readonly vramBytes: number | null;
};

/** Beyond this share of what is free, other programs start to suffer. */
const comfortable = 0.9;

/**
 * Reckons what a model would take and whether that is there. What main/engine/memory.ts refuses is `no` here.
 * On a GPU go as many layers as fit beside the compute buffers, each with its part of the KV cache, at most `gpuLayers`
 * where that is not -1.
 * @param corrections what loads on this machine taught; see corrections.ts
 */
export function fitOf(candidate: Candidate, machine: Machine, corrections: Corrections = noCorrections): Fit {
  const { shape, kvType } = candidate;
  const contextSize = candidate.contextSize || defaultContext(shape);
  const at = (size: number) => placed(candidate, size, machine, corrections);
  const { need, ramBytes, vramBytes, gpuLayers } = at(contextSize);
  const freeRamBytes = machine.ramBytes;
  return {
    verdict: ramBytes > freeRamBytes ? 'no' : ramBytes > comfortable * freeRamBytes ? 'tight' : 'fits',
    ...{ contextSize, kvType, need, ramBytes, freeRamBytes, vramBytes, gpuLayers },
    layers: shape.layers,
    largestContext: largestContext(shape, (size) => at(size).ramBytes <= freeRamBytes),
    corrected: isCorrecting(corrections),
  };
}

type Placed = Pick<Fit, 'need' | 'ramBytes' | 'vramBytes' | 'gpuLayers'>;

/** Where the parts of a model go. */
function placed(
  { shape, weightsBytes, kvType, gpuLayers: wantedLayers }: Candidate,
  contextSize: number,
  { vramBytes: freeVramBytes }: Machine,
  corrections: Corrections,
): Placed {
  const need = corrected(memoryNeed(shape, weightsBytes, { contextSize, kvType }), corrections);
  const inLayers = need.weightsBytes + need.kvBytes;
  const gpuLayers = layersThatFit(shape.layers, wantedLayers, inLayers, freeVramBytes, need);
  const share = gpuLayers === 0 ? 0 : gpuLayers / shape.layers;
  const vramBytes = share === 0 ? 0 : share * inLayers + need.computeBytes;
  // While some layers stay, both sides compute.
  const ramCompute = share === 1 ? 0 : need.computeBytes;
  return { need, gpuLayers, vramBytes, ramBytes: (1 - share) * inLayers + ramCompute + need.otherBytes };
}

function layersThatFit(
  layers: number,
  wanted: number,
  inLayersBytes: number,
  freeVramBytes: number | null,
  { computeBytes }: MemoryNeed,
): number {
  if (freeVramBytes === null || layers === 0) return 0;
  const most = wanted < 0 ? layers : Math.min(layers, wanted);
  const fitting = Math.floor(((freeVramBytes - computeBytes) / inLayersBytes) * layers);
  return Math.max(0, Math.min(most, fitting));
}
