/** Owns loading a model into llama.cpp, and what is known of the loaded one; never generates. */
import { t } from '../../preload/contract/language.js';
import { availableParallelism } from 'node:os';
import {
  getLlama,
  getModuleVersion,
  LlamaLogLevel,
  type Llama,
  type LlamaContextSequence,
  type LlamaModel,
} from 'node-llama-cpp';
import type { LoadProgress, LoadRequest } from '../../preload/contract/engine.js';
import type { LoadedModel } from '../../preload/contract/models.js';
import { AppError } from '../../preload/contract/errors.js';
import { BatchLog } from './batch-log.js';
import { BufferLog } from './buffer-log.js';
import { displayName } from '../models/display-name.js';
import { Compute } from './compute.js';
import { gpuLost, isGpuLost } from './death.js';
import { fileIdentity } from './file-identity.js';
import { checkModel, checkVocabulary } from './gguf-check.js';
import { loadDraft, type DraftModel } from './guessing/draft-model.js';
import type { GgufHeader } from './gguf.js';
import { readModel } from './gguf-parts.js';
import { SentPrompts } from './doctor/sent-prompts.js';
import { LogitsTap } from './logits.js';
import {
  availableMemoryBytes,
  defaultContext,
  kvBytesPerToken,
  modelShape,
  requireMemory,
} from './memory.js';
import { StateKeeper, type StateKeeperOptions } from './state-keeper.js';
import { stateKey } from './state-key.js';
import { largestPiece, pieceSize } from './pieces.js';
import { chooseTemplate, type Choice, type ModelTraits } from './templates/choose.js';
import type { PromptTemplate } from './templates/template.js';
import { modelTraits } from './templates/traits.js';
import type { Vocabulary } from './tokens.js';
import { readVocabulary, vocabularyKeys } from './vocabulary.js';

export type EngineModel = {
  readonly info: LoadedModel;
  readonly model: LlamaModel;
  readonly sequence: LlamaContextSequence;
  readonly template: PromptTemplate;
  /** Why it is this template, and what else it could be. */
  readonly choice: Choice;
  readonly traits: ModelTraits;
  readonly sent: SentPrompts;
  readonly vocabulary: Vocabulary;
  /** Guesses what this model writes. */
  readonly draft: DraftModel | null;
  readonly compute: Compute;
  /** Tokens of a prompt that are read at a time. */
  readonly pieceSize: number;
  readonly logits: LogitsTap;
  /** Of the sequence's cache. */
  readonly batchLog: BatchLog;
  /** Null where states are not kept, as on the command line. */
  readonly states: StateKeeper | null;
  /** Keeps the state of the conversation, then frees the model. */
  dispose(): Promise<void>;
};

export type StateSaving = Pick<StateKeeperOptions, 'files' | 'onProblem'>;

const keptLogLines = 20;
const kvTypes = { f16: 'F16', q8_0: 'Q8_0', q4_0: 'Q4_0' } as const;

/** Starts llama.cpp once for each thread count and backend. */
class Backend {
  #llama: { llama: Llama; key: string } | null = null;
  #log: string[] = [];
  readonly buffers = new BufferLog();

  async get(threads: number, useGpu: boolean): Promise<Llama> {
    const key = `${threads}:${useGpu}`;
    if (this.#llama?.key === key) return this.#llama.llama;
    await this.#llama?.llama.dispose();
    this.#llama = null;
    const llama = await getLlama({
      gpu: useGpu ? 'auto' : false,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      maxThreads: threads,
      // The sizes of buffers are told at this level.
      logLevel: LlamaLogLevel.info,
      logger: (level, message) => {
        this.buffers.read(message);
        if (level === LlamaLogLevel.info) return;
        this.#log = [...this.#log, message.trimEnd()].slice(-keptLogLines);
      },
    });
    this.#llama = { llama, key };
    return llama;
  }

  /** The last lines of llama.cpp's log, as evidence for an error. */
  takeLog(): string {
    const lines = this.#log.join('\n');
    this.#log = [];
    return lines;
  }
}

const backend = new Backend();

/**
 * Loads a file and makes a context for one conversation at a time.
 * @param saving where KV states are kept
 * @throws AppError model-missing, model-not-gguf, model-truncated, model-too-large, context-too-large,
 *   model-unsupported, model-load-failed or cancelled
 */
export async function loadModel(
  request: LoadRequest,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
  saving: StateSaving | null = null,
): Promise<EngineModel> {
  const header = await readModel(request.path, vocabularyKeys);
  checkModel(header);
  checkVocabulary(header);
  const threads = request.threads > 0 ? request.threads : availableParallelism();
  try {
    // A driver may end the process here, before it is known whether there is a GPU.
    onProgress({ progress: 0, onGpu: request.gpuLayers !== 0 });
    const llama = await backend.get(threads, request.gpuLayers !== 0);
    const onGpu = llama.gpu !== false;
    onProgress({ progress: 0, onGpu });
    const shape = modelShape(header);
    const contextSize = request.contextSize || defaultContext(shape);
    // On a GPU the engine itself measures.
    if (!onGpu) requireMemory(header, shape, { ...request, contextSize }, await availableMemoryBytes());
    backend.takeLog();
    backend.buffers.take();
    const model = await llama.loadModel({
      modelPath: request.path,
      // On a CPU, weights are repacked into memory: mapping the file too would hold them twice.
      useMmap: onGpu ? 'auto' : false,
      gpuLayers: request.gpuLayers < 0 ? 'auto' : request.gpuLayers,
      // The estimate above knows more of the machine; the library's own refuses what would run.
      ignoreMemorySafetyChecks: true,
      onLoadProgress: (progress) => onProgress({ progress, onGpu }),
      loadSignal: signal,
    });
    onProgress({ progress: 1, onGpu });
    try {
      return await finish(request, header, model, contextSize, threads, llama, signal, saving);
    } catch (thrown) {
      await model.dispose();
      throw loadError(thrown, signal, 'context-too-large');
    }
  } catch (thrown) {
    throw loadError(thrown, signal, 'model-too-large');
  }
}

async function finish(
  request: LoadRequest,
  header: GgufHeader,
  model: LlamaModel,
  contextSize: number,
  threads: number,
  llama: Llama,
  signal: AbortSignal,
  saving: StateSaving | null,
): Promise<EngineModel> {
  const context = await model.createContext({
    contextSize,
    sequences: 1,
    // As many as `compute` allows at each step.
    threads: { ideal: threads, min: 1 },
    batchSize: Math.min(largestPiece, contextSize),
    // There is one conversation: nothing to wait for, and a turn of the event loop for each token adds up.
    batching: { dispatchSchedule: (dispatch) => dispatch() },
    experimentalKvCacheKeyType: kvTypes[request.kvType],
    experimentalKvCacheValueType: kvTypes[request.kvType],
    createSignal: signal,
  });
  const memory = await backend.buffers.takeWhole();
  const sequence = context.getSequence({
    contextShift: {
      strategy: () => {
        // What leaves the context is decided before, by budget.ts, where the user can see it.
        throw new Error('the context is full');
      },
    },
  });
  const name = displayName(request.path);
  const vocabulary = readVocabulary(header, model);
  const traits = modelTraits(header, name, {
    bosText: model.tokens.bosString ?? '',
    eosText: model.tokens.eosString ?? '',
    hasToken: (text) => vocabulary.controlTokens.has(text),
  });
  const choice = chooseTemplate(traits, request.template, request.written);
  const gpu = llama.gpu === false ? null : llama.gpu;
  const compute = new Compute(threads, {
    isFixed: request.threads > 0,
    setThreads: (count) => (llama.maxThreads = count),
  });
  const batchLog = new BatchLog(() => compute.threads);
  const identity = fileIdentity(request.path);
  const { draft, info: draftInfo } = await loadDraft(llama, header, {
    ...request,
    contextSize,
    threads,
    signal,
  });
  const states =
    saving === null
      ? null
      : new StateKeeper({
          ...saving,
          sequence,
          batchLog,
          key: stateKey(identity, {
            release: llama.llamaCppRelease.release,
            gpu,
            contextSize: context.contextSize,
            keyType: context.kvCacheKeyType,
            valueType: context.kvCacheValueType,
            flashAttention: context.flashAttention,
          }),
          bytesPerToken: kvBytesPerToken(modelShape(header), request.kvType),
        });
  return {
    info: {
      path: request.path,
      name,
      contextSize: context.contextSize,
      threads,
      gpu,
      template: choice.template.choice,
      templateReason: choice.reason,
      ...(choice.warning === null ? {} : { templateWarning: choice.warning }),
      identity,
      memory,
      freeVramBytes: gpu === null ? null : (await llama.getVramState()).free,
      engine: `llama.cpp ${llama.llamaCppRelease.release}, node-llama-cpp ${await getModuleVersion()}`,
      draft: draftInfo,
    },
    model,
    sequence,
    template: choice.template,
    choice,
    traits,
    sent: new SentPrompts(),
    pieceSize: pieceSize(header.sizeBytes, gpu !== null),
    vocabulary,
    compute,
    logits: new LogitsTap(context),
    batchLog,
    states,
    draft,
    dispose: async () => {
      await states?.save();
      await draft?.dispose();
      await model.dispose();
    },
  };
}

export function loadCancelled(): AppError {
  return new AppError({ code: 'cancelled', message: t('Loading was cancelled.') });
}

function loadError(
  thrown: unknown,
  signal: AbortSignal,
  tooLarge: 'model-too-large' | 'context-too-large',
): AppError {
  if (signal.aborted) return loadCancelled();
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const details = [message, backend.takeLog()].filter((part) => part !== '').join('\n');
  if (
    /insufficient memory|out of (?:\w+ )?memory|OutOf\w*Memory|(?:failed|unable) to allocate|bad_alloc/i.test(
      details,
    )
  ) {
    return new AppError({
      code: tooLarge,
      message: t('There is not enough memory for this model with this context.'),
      hint: t('Set a smaller context under Parameters, or choose a smaller model or quantisation.'),
      details,
    });
  }
  if (isGpuLost(details)) return gpuLost(details);
  if (/unknown model architecture/i.test(details)) {
    return new AppError({
      code: 'model-unsupported',
      message: t('The engine does not know this kind of model.'),
      hint: t('Choose a model of the LLaMA family.'),
      details,
    });
  }
  const reason = llamaReason(details);
  return new AppError({
    code: 'model-load-failed',
    message:
      reason === null
        ? t('The engine could not load this file.')
        : t('The engine could not load this file: {reason}.', { reason }),
    hint: t('The file may be damaged: download it again, or choose another one.'),
    details,
  });
}

/** What llama.cpp itself gives as the reason, at the end of its line. */
function llamaReason(log: string): string | null {
  const line = /(?:error loading model: (?:error loading model \w+: )?|gguf_init_from_\w+: )(.+)/.exec(
    log,
  )?.[1];
  return (
    line
      ?.trim()
      .replace(/[.\s]+$/, '')
      .replaceAll(/'([^']*)'/g, '‘$1’') ?? null
  );
}
