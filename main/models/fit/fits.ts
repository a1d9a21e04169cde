/** Owns the estimates for this machine as it is now: its free memory, the settings in force, what loads took; never loads. */
import type { Fit, Measurement } from '../../../preload/contract/fit.js';
import type { EngineStatus, LoadedModel } from '../../../preload/contract/models.js';
import type { LoadSettings } from '../../../preload/contract/settings.js';
import { availableMemoryBytes, memoryNeed } from '../../engine/memory.js';
import type { SettingsStore } from '../../settings/store.js';
import { correctionsOf } from './corrections.js';
import { fitOf, type Candidate, type Machine } from './fit.js';

/** A model by its header and its size, wherever it is. */
export type SizedModel = Pick<Candidate, 'shape' | 'weightsBytes'>;

export type FitsOptions = {
  readonly settings: Pick<SettingsStore, 'get' | 'set'>;
  readonly status: () => EngineStatus;
};

/** Loads that are remembered; the oldest goes. */
const keptMeasurements = 16;

export class Fits {
  readonly #settings: FitsOptions['settings'];
  readonly #status: () => EngineStatus;

  constructor({ settings, status }: FitsOptions) {
    this.#settings = settings;
    this.#status = status;
  }

  /** Whether a model would load with the settings in force, in place of the one that is loaded. */
  async of(model: SizedModel): Promise<Fit> {
    return (await this.now())(model);
  }

  /** The same for many models, by one look at the machine. */
  async now(): Promise<(model: SizedModel) => Fit> {
    const { contextSize, kvType, gpuLayers, measurements } = this.#settings.get();
    const corrections = correctionsOf(measurements);
    const machine = await this.#machine();
    return (model) => fitOf({ ...model, contextSize, kvType, gpuLayers }, machine, corrections);
  }

  /** Takes over what a load took. */
  learn(
    model: SizedModel,
    used: LoadSettings,
    { contextSize, memory: measured, freeVramBytes }: LoadedModel,
  ): void {
    if (measured.weightsBytes === 0) return;
    const estimated = memoryNeed(model.shape, model.weightsBytes, { ...used, contextSize });
    const key = [model.weightsBytes, contextSize, used.kvType, measured.vramBytes > 0 ? 'gpu' : 'cpu'].join(
      ' ',
    );
    const others = this.#settings.get().measurements.filter((known) => known.key !== key);
    this.#settings.set({
      measurements: [...others, { key, estimated, measured }].slice(-keptMeasurements),
      vramBytes: freeVramBytes === null ? null : freeVramBytes + measured.vramBytes,
    });
  }

  /** The load that was measured last: what was taken, and what was estimated before any correction. */
  lastLoad(): Measurement | null {
    return this.#settings.get().measurements.at(-1) ?? null;
  }

  async #machine(): Promise<Machine> {
    const status = this.#status();
    // What is loaded makes room.
    const { weightsBytes, kvBytes, computeBytes, vramBytes } =
      status.state === 'ready' ? status.memory : nothing;
    const heldRamBytes = weightsBytes + kvBytes + computeBytes - vramBytes;
    return {
      ramBytes: (await availableMemoryBytes()) + Math.max(0, heldRamBytes),
      vramBytes: this.#settings.get().vramBytes,
    };
  }
}

const nothing = { weightsBytes: 0, kvBytes: 0, computeBytes: 0, vramBytes: 0 };
