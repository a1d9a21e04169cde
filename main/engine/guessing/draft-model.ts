/** Owns a second, smaller model that guesses what the first one writes; never decides what is written. */
import { t } from '../../../preload/contract/language.js';
import type { Llama, LlamaContextSequence, Token } from 'node-llama-cpp';
import type { LoadRequest } from '../../../preload/contract/engine.js';
import type { LoadedModel } from '../../../preload/contract/models.js';
import { AppError } from '../../../preload/contract/errors.js';
import { displayName } from '../../models/display-name.js';
import { checkModel, checkVocabulary } from '../gguf-check.js';
import type { GgufHeader } from '../gguf.js';
import { readModel } from '../gguf-parts.js';
import { sharesVocabulary, vocabularyKeys } from '../vocabulary.js';

export type DraftOptions = Pick<LoadRequest, 'draft' | 'contextSize' | 'threads' | 'gpuLayers'> & {
  readonly signal: AbortSignal;
};

/** What was asked for, and what came of it. */
export type Drafting = { readonly draft: DraftModel | null; readonly info: LoadedModel['draft'] };

/** Tokens read at a time; Stop waits for one such piece. */
const pieceTokens = 128;
/** A guess that the draft model itself doubts more than this is not worth checking. */
const leastConfidence = 0.4;

export class DraftModel {
  readonly #sequence: LlamaContextSequence;
  readonly #tokens: number;
  readonly #confidence: number;

  /**
   * @param tokens guesses at a time, at most
   * @param confidence what this model must give a guess, at least
   */
  constructor(sequence: LlamaContextSequence, tokens: number, confidence = leastConfidence) {
    this.#confidence = confidence;
    this.#sequence = sequence;
    this.#tokens = tokens;
  }

  /** Reads a prompt, as far as it did not before; ends early when stopped. */
  async read(tokens: readonly Token[], signal?: AbortSignal): Promise<void> {
    await this.#sequence.adaptStateToTokens([...tokens], false);
    while (this.#sequence.nextTokenIndex < tokens.length && signal?.aborted !== true) {
      const at = this.#sequence.nextTokenIndex;
      await this.#sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, at + pieceTokens));
    }
  }

  /** The tokens that this model would write next, as long as it is sure of them. */
  async guess(history: readonly Token[]): Promise<readonly Token[]> {
    await this.read(history.slice(0, -1));
    const guesses: Token[] = [];
    const steps = this.#sequence.evaluateWithMetadata(
      [history.at(-1)!],
      { confidence: true },
      { temperature: 0 },
    );
    try {
      while (guesses.length < this.#tokens) {
        const step = await steps.next();
        if (step.done === true || step.value.confidence < this.#confidence) break;
        guesses.push(step.value.token);
      }
    } finally {
      await steps.return();
    }
    return guesses;
  }

  async dispose(): Promise<void> {
    await this.#sequence.model.dispose();
  }
}

/**
 * Loads the draft model that is asked for. One that can't draft is no reason to do without the model itself.
 * @param target header of the model whose writing it guesses
 */
export async function loadDraft(llama: Llama, target: GgufHeader, options: DraftOptions): Promise<Drafting> {
  if (options.draft === undefined) return { draft: null, info: undefined };
  const { path, tokens } = options.draft;
  const name = displayName(path);
  try {
    const header = await readModel(path, vocabularyKeys);
    checkModel(header);
    checkVocabulary(header);
    // With another vocabulary the same token means something else.
    if (!sharesVocabulary(header, target)) {
      return { draft: null, info: { name, problem: t('Its vocabulary is not that of the model.') } };
    }
    const sequence = await openSequence(llama, path, options);
    return { draft: new DraftModel(sequence, tokens), info: { name, problem: null } };
  } catch (thrown) {
    if (options.signal.aborted) throw thrown;
    return { draft: null, info: { name, problem: AppError.from(thrown).message } };
  }
}

async function openSequence(
  llama: Llama,
  path: string,
  { contextSize, threads, gpuLayers, signal }: DraftOptions,
): Promise<LlamaContextSequence> {
  const model = await llama.loadModel({
    modelPath: path,
    useMmap: llama.gpu === false ? false : 'auto',
    gpuLayers: gpuLayers < 0 ? 'auto' : gpuLayers,
    ignoreMemorySafetyChecks: true,
    loadSignal: signal,
  });
  try {
    const context = await model.createContext({
      contextSize,
      sequences: 1,
      threads: { ideal: threads, min: 1 },
      createSignal: signal,
    });
    return context.getSequence();
  } catch (thrown) {
    await model.dispose();
    throw thrown;
  }
}
