/** Owns the load ladder: which lower settings to try when a model does not load, and how to say it; never loads. */
import { locale, msg, t } from '../../preload/contract/language.js';
import type { LoadProgress } from '../../preload/contract/engine.js';
import { AppError } from '../../preload/contract/errors.js';
import type { LoadSettings, LoweredLoad } from '../../preload/contract/settings.js';
import type { ModelShape } from '../engine/memory.js';

export type LoadFailure = {
  readonly cause: 'memory' | 'crash';
  /** Whether it failed on the weights, or after them on the context. */
  readonly during: 'weights' | 'context';
  readonly onGpu: boolean;
};

/** A context that a conversation can be held in; smaller ones come last. */
const usefulContext = 2048;
const smallestContext = 512;
/** Elements of a block of Q8_0: llama.cpp quantises a head's keys and values in whole blocks. */
const kvBlock = 32;

/**
 * The next settings to try: smaller context, smaller KV cache, fewer layers on the GPU, none, smallest context.
 * Only what can help is lowered: the context has no part in a failure on the weights, layers none without a GPU.
 * Each step lowers something, so the ladder has an end.
 * @returns null when nothing is left to lower
 */
export function nextRung(
  at: LoadSettings,
  failure: LoadFailure,
  shape: Pick<ModelShape, 'layers' | 'headSize'>,
): LoadSettings | null {
  const { contextSize, kvType, gpuLayers } = at;
  const onContext = failure.during === 'context';
  if (onContext && contextSize > usefulContext) {
    // A crash costs more than an answer: not in halves.
    const half = failure.cause === 'crash' ? 0 : halfContext(contextSize);
    return { ...at, contextSize: Math.max(usefulContext, half) };
  }
  if (onContext && failure.cause === 'memory' && kvType === 'f16' && shape.headSize % kvBlock === 0) {
    return { ...at, kvType: 'q8_0' };
  }
  if (failure.onGpu && gpuLayers !== 0) return { ...at, gpuLayers: fewerLayers(gpuLayers, shape.layers) };
  if (onContext && contextSize > smallestContext) {
    return { ...at, contextSize: Math.max(smallestContext, halfContext(contextSize)) };
  }
  return null;
}

/** llama.cpp pads contexts to 256 tokens. */
const halfContext = (size: number) => Math.ceil(size / 2 / 256) * 256;

/** Half of the layers, then a quarter, then none. */
function fewerLayers(gpuLayers: number, all: number): number {
  const half = Math.floor((gpuLayers < 0 ? all : gpuLayers) / 2);
  return half < all / 4 ? 0 : half;
}

/**
 * Why a load failed, where lower settings may help.
 * @param progress the last that was heard of it; null when the engine had not begun
 * @returns null for a failure that lower settings can't cure: a damaged file, an unknown architecture
 */
export function failureOf(error: AppError, progress: LoadProgress | null): LoadFailure | null {
  const onGpu = progress?.onGpu ?? false;
  switch (error.code) {
    case 'engine-died':
    case 'engine-killed':
      return { cause: 'crash', during: progress?.progress === 1 ? 'context' : 'weights', onGpu };
    case 'gpu-lost':
      return { cause: 'crash', during: 'weights', onGpu: true };
    case 'model-too-large':
      return { cause: 'memory', during: 'weights', onGpu };
    case 'context-too-large':
      return { cause: 'memory', during: 'context', onGpu };
    default:
      return null;
  }
}

const reasons = { memory: msg('there was not enough memory'), crash: msg('the engine crashed') } as const;

/** What differs from the settings that were wanted, and why: the end of a sentence for the person at the screen. */
export function loweredNote({ wanted, used, causes }: LoweredLoad): string {
  const changes: string[] = [];
  if (used.contextSize !== wanted.contextSize) {
    changes.push(
      t('a context of {used, number} instead of {wanted, number}', {
        used: used.contextSize,
        wanted: wanted.contextSize,
      }),
    );
  }
  if (used.kvType !== wanted.kvType)
    changes.push(t('a {type} KV cache', { type: used.kvType.toUpperCase() }));
  if (used.gpuLayers !== wanted.gpuLayers) {
    changes.push(
      t(
        '{layers, plural, =0 {no layers on the GPU} one {only # layer on the GPU} other {only # layers on the GPU}}',
        { layers: used.gpuLayers },
      ),
    );
  }
  const [first = '', second] = causes.map((cause) => t(reasons[cause]));
  return t('{changes}: {why}.', {
    changes: new Intl.ListFormat(locale()).format(changes),
    why: second === undefined ? first : t('{why}, and {more}', { why: first, more: second }),
  });
}

/** Settings as a line of the details of an error. */
export function settingsLine({ contextSize, kvType, gpuLayers }: LoadSettings): string {
  return `context ${contextSize.toLocaleString('en-US')}, KV cache ${kvType}, GPU layers ${gpuLayers}`;
}

/** The error of a load that failed with all settings there are. @param attempts a line for each of them */
export function exhausted(last: AppError, attempts: readonly string[]): AppError {
  const details = [...attempts, last.details].filter((part) => part !== undefined).join('\n');
  if (last.code === 'engine-killed') {
    return new AppError({
      code: last.code,
      message: t('The system ended the engine while it loaded this model, as it does when memory runs out.'),
      hint: t('Close other programs, or choose a smaller model or quantisation.'),
      details,
    });
  }
  if (last.code !== 'engine-died') return new AppError({ ...last.toData(), details });
  return new AppError({
    code: last.code,
    message: t('The engine crashes on this file. It may be damaged, or too large for this machine.'),
    hint: t('Download it again, or choose another one.'),
    details,
  });
}
