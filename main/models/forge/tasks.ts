/** Owns what is done for each task of the forge, step by step; runs in a process of its own. */
import { t } from '../../../preload/contract/language.js';
import { open, rename, rm, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { AppError } from '../../../preload/contract/errors.js';
import type { ForgeResult, ForgeTask } from '../../../preload/contract/forge.js';
import { quantizations, type Quantization } from '../../../preload/contract/quantizations.js';
import sample from '../../../resources/prompts/sample-text.json' with { type: 'json' };
import { checkModel, checkVocabulary } from '../../engine/gguf-check.js';
import { readGguf } from '../../engine/gguf.js';
import { loadModel } from '../../engine/model.js';
import { perplexity } from '../../engine/perplexity.js';
import { vocabularyKeys } from '../../engine/vocabulary.js';
import { unfinishedName } from './gguf-writer.js';
import { importLegacy, lookAtLegacy } from './legacy-import.js';
import { look } from './look.js';
import { intermediatePath, requireRoom } from './output-path.js';
import { quantise } from './quantise.js';
import { convertedBytes, directTypes } from './conversion.js';
import { writeRecovered } from './original.js';
import { openRecovery } from './recovery.js';
import { parametersOf } from './weights.js';

export type TaskContext = {
  readonly signal: AbortSignal;
  /** @param progress of this step, 0 to 1 */
  readonly report: (step: string, progress: number) => void;
};

type Tasks = {
  readonly [K in ForgeTask['kind']]: (
    task: Extract<ForgeTask, { kind: K }>,
    outputPath: string,
    context: TaskContext,
  ) => Promise<ForgeResult>;
};

const tasks: Tasks = {
  'import-ggml': importGgml,
  quantize: quantizeModel,
  recover: recoverModel,
};

/**
 * Makes a new model; the file has its name when all of it is there and was read once more.
 * @throws AppError with what is wrong and what to do
 */
export async function runTask(
  task: ForgeTask,
  outputPath: string,
  context: TaskContext,
): Promise<ForgeResult> {
  const run = tasks[task.kind] as (
    task: ForgeTask,
    path: string,
    context: TaskContext,
  ) => Promise<ForgeResult>;
  return run(task, outputPath, context);
}

async function importGgml(
  { path, name, base, template, quantization }: Extract<ForgeTask, { kind: 'import-ggml' }>,
  outputPath: string,
  { signal, report }: TaskContext,
): Promise<ForgeResult> {
  const source = await lookAtLegacy(path);
  await requireRoom(
    outputPath,
    source.sizeBytes + (quantization === null ? 0 : quantizedBytes(quantization, source.parameters)),
  );
  const target = quantization === null ? outputPath : intermediatePath(outputPath);
  await importLegacy(
    path,
    target,
    { name, base, template },
    {
      ...{ signal, check },
      onProgress: (done, total) => report(t('Converting'), done / total),
    },
  );
  if (quantization !== null) {
    try {
      // Who chose a type for weights that lost something already was told so.
      await quantizeTo(target, outputPath, quantization, true, report);
    } finally {
      await rm(target, { force: true });
    }
  }
  return resultOf(outputPath, source.sizeBytes, null, source.notes);
}

async function quantizeModel(
  { path, quantization, requantize, compare }: Extract<ForgeTask, { kind: 'quantize' }>,
  outputPath: string,
  { signal, report }: TaskContext,
): Promise<ForgeResult> {
  const source = await look(path);
  if (source.kind !== 'gguf')
    throw new AppError({ code: 'bad-input', message: t('Only GGUF models are quantised.') });
  await requireRoom(outputPath, quantizedBytes(quantization, source.parameters));
  const notes: string[] = [];
  const measured = async (step: string, measuredPath: string) => {
    try {
      return await measure(measuredPath, signal, (done) => report(step, done));
    } catch (thrown) {
      const error = AppError.from(thrown);
      if (error.code === 'cancelled') throw error;
      notes.push(t('Not measured: {problem}', { problem: error.message }));
      return null;
    }
  };
  const before = compare ? await measured(t('Measuring the original'), path) : null;
  await quantizeTo(path, outputPath, quantization, requantize, report);
  const after = before === null ? null : await measured(t('Measuring the result'), outputPath);
  const both = before === null || after === null ? null : { before, after };
  return resultOf(outputPath, source.sizeBytes, both, notes);
}

async function recoverModel(
  { path, base, name, quantization }: Extract<ForgeTask, { kind: 'recover' }>,
  outputPath: string,
  { signal, report }: TaskContext,
): Promise<ForgeResult> {
  const recovery = await openRecovery({ path, base });
  try {
    const wanted = quantization ?? recovery.type;
    const direct = directTypes.find((one) => one === wanted);
    // llama.cpp quantises what can't be written directly.
    const later = direct === undefined ? quantization : null;
    const type = direct ?? recovery.type;
    const target = later === null ? outputPath : intermediatePath(outputPath);
    const laterBytes = later === null ? 0 : quantizedBytes(later, parametersOf(recovery.weights));
    await requireRoom(outputPath, convertedBytes(recovery.weights, type) + laterBytes);
    await writeRecovered(recovery, { path: target, name, type }, { signal, report });
    if (later !== null) await quantizeTo(target, outputPath, later, false, report);
    await rm(intermediatePath(outputPath), { force: true });
    return await resultOf(outputPath, recovery.sizeBytes, null, []);
  } finally {
    await recovery.close();
  }
}

/** About what the new file takes. */
function quantizedBytes(quantization: Quantization, parameters: number): number {
  return (parameters * entryOf(quantization).bits) / 8;
}

const entryOf = (quantization: Quantization) => quantizations.find(({ id }) => id === quantization)!;

/** Half of the cores, so that the chat keeps the others. */
const threads = Math.max(1, availableParallelism() >> 1);

async function quantizeTo(
  path: string,
  outputPath: string,
  quantization: Quantization,
  requantize: boolean,
  report: TaskContext['report'],
): Promise<void> {
  const temporary = unfinishedName(outputPath);
  report(t('Quantising'), 0);
  try {
    await quantise(path, temporary, {
      ...{ fileType: entryOf(quantization).fileType, requantize, threads },
      onProgress: (done, total) => report(t('Quantising'), done / total),
    });
    await check(temporary);
    const file = await open(temporary, 'r+');
    await file.sync();
    await file.close();
    await rename(temporary, outputPath);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function resultOf(
  path: string,
  sourceBytes: number,
  perplexities: ForgeResult['perplexity'],
  notes: readonly string[],
): Promise<ForgeResult> {
  const { size: sizeBytes } = await stat(path);
  return { path, sizeBytes, sourceBytes, perplexity: perplexities, notes: [...notes] };
}

/** Reads a new file as a model is read before it is loaded. */
async function check(path: string): Promise<void> {
  const header = await readGguf(path, vocabularyKeys);
  checkModel(header);
  checkVocabulary(header);
}

/** Perplexity of a short text, on the CPU: the GPU is the chat's. */
async function measure(
  path: string,
  signal: AbortSignal,
  onProgress: (progress: number) => void,
): Promise<number> {
  onProgress(0);
  const request = { path, contextSize: 512, threads, gpuLayers: 0, kvType: 'f16', template: null } as const;
  const engine = await loadModel(request, () => undefined, signal);
  try {
    const measured = await perplexity(engine, sample.text, (done, total) => onProgress(done / total), signal);
    return measured.perplexity;
  } finally {
    await engine.dispose();
  }
}
