/** Owns making a GGUF file of a GGML LLaMA model of 2023: what it is called and described as, and its tensors. */
import { t } from '../../../preload/contract/language.js';
import type { LegacySource } from '../../../preload/contract/forge.js';
import { fileTypeNames } from '../../engine/gguf-types.js';
import { AppError } from '../../../preload/contract/errors.js';
import { legacyFamily, legacyName, saysLlama2 } from './legacy-family.js';
import { ggml } from './blocks.js';
import { removed } from './legacy-blocks.js';
import { openLegacyTensors, readLegacyModel, type LegacyModel } from './legacy-parts.js';
import { legacyVocabulary } from './legacy-vocabulary.js';
import type { Metadata } from './gguf-header.js';
import { writeGguf, type WriteOptions } from './gguf-writer.js';

export type LegacyChoices = {
  /** For `general.name`. */
  readonly name: string;
  /** Which LLaMA it was made from: they differ in the epsilon of their norms and in their context. */
  readonly base: LegacySource['base'];
  /** A family of engine/templates, kept in the file for the choice of a template. */
  readonly template: string | null;
};

/** Context and epsilon by the papers and configurations of the two. */
const bases = {
  llama: { context: 2048, epsilon: 1e-6 },
  'llama-2': { context: 4096, epsilon: 1e-5 },
} as const;

const removedNames: Readonly<Record<number, string>> = { 4: 'Q4_1, some F16', 5: 'Q4_2', 6: 'Q4_3' };
/** The file type of what the removed types become. */
const becomes: Readonly<Record<number, number>> = { 4: 3, 5: 7, 6: 7 };

/** What the page shows of a file before it is imported. @throws AppError with why it can't be */
export async function lookAtLegacy(path: string): Promise<LegacySource> {
  const model = await readLegacyModel(path);
  refuseUnknowable(model);
  legacyVocabulary(model, t('This GGML file'));
  const name = legacyName(path);
  const family = legacyFamily(name, model.container);
  const fileType = becomes[model.fileType] ?? model.fileType;
  return {
    kind: 'ggml',
    path,
    sizeBytes: model.sizeBytes,
    parts: model.paths.length,
    container: model.container,
    quantization: removedNames[model.fileType] ?? fileTypeNames[model.fileType] ?? null,
    becomes: fileTypeNames[fileType] ?? null,
    isLossy: fileType > ggml.f16,
    vocabulary: model.vocabulary,
    parameters: model.parameters,
    layers: model.layers,
    name,
    base: isLlama2(model, name) ? 'llama-2' : 'llama',
    family,
    notes: notesOn(model),
  };
}

/** @throws AppError as `lookAtLegacy` and `writeGguf` */
export async function importLegacy(
  path: string,
  outputPath: string,
  choices: LegacyChoices,
  options: WriteOptions,
): Promise<void> {
  const model = await readLegacyModel(path);
  refuseUnknowable(model);
  const { tensors, close } = await openLegacyTensors(model);
  try {
    await writeGguf(outputPath, legacyMetadata(model, choices), tensors, options);
  } finally {
    await close();
  }
}

function legacyMetadata(model: LegacyModel, { name, base, template }: LegacyChoices): Metadata {
  const { context, epsilon } = bases[base];
  return {
    'general.architecture': 'llama',
    'general.name': name,
    ...(template === null ? {} : { 'general.finetune': template }),
    // eslint-disable-next-line altiplano/no-loose-text -- goes with the file, wherever that goes
    'general.description': `Made from a GGML file (${model.container})`,
    'general.file_type': becomes[model.fileType] ?? model.fileType,
    'general.quantization_version': 2,
    'llama.context_length': context,
    'llama.embedding_length': model.width,
    'llama.block_count': model.layers,
    'llama.feed_forward_length': model.feedForward,
    'llama.attention.head_count': model.heads,
    'llama.attention.head_count_kv': model.kvHeads,
    'llama.attention.layer_norm_rms_epsilon': { f32: epsilon },
    'llama.rope.dimension_count': model.width / model.heads,
    'llama.vocab_size': model.vocabulary,
    ...legacyVocabulary(model, t('This GGML file')),
  };
}

/** Of the first LLaMA models none shared KV heads. */
function isLlama2({ kvHeads, heads }: LegacyModel, name: string): boolean {
  return kvHeads < heads || saysLlama2(name);
}

/** Two orders of Q4_1 were written into the first containers, and nothing in them says which. */
function refuseUnknowable({ container, matrices }: LegacyModel): void {
  const hasQ41 = matrices.some(({ parts }) => parts[0]!.layout.becomes === ggml.q4_1);
  if (hasQ41 && (container === 'ggml' || container === 'ggmf v1')) {
    throw new AppError({
      code: 'model-unsupported',
      message: t(
        'Q4_1 in the container {container} was written in two ways, and the file does not say in which.',
        { container },
      ),
      hint: t('Choose a file in Q4_0 or F16 of the same model, or a later one (ggjt).'),
    });
  }
}

function notesOn({ container, era, fileType, parameters }: LegacyModel): string[] {
  const isQuantised = fileType > ggml.f16 && parameters > 0;
  const wasRemoved = fileType - 1 === removed.q4_2 || fileType - 1 === removed.q4_3;
  return [
    ...(container === 'ggml'
      ? [t('This first container keeps no scores of tokens; those of LLaMA’s own vocabulary are put in.')]
      : []),
    ...(wasRemoved
      ? [
          t(
            'llama.cpp gave this quantisation up. Its weights are kept in Q8_0, which loses next to nothing but is larger.',
          ),
        ]
      : []),
    ...(isQuantised && era !== 'current' && !wasRemoved
      ? [
          t(
            'The weights are put into today’s order. Their scales are rounded from 32 to 16 bits, as llama.cpp did later.',
          ),
        ]
      : []),
  ];
}
