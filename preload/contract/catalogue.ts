/** Owns the schema of the catalogue: models of the LLaMA history, their files, and how each is had; no fact itself. */
import { z } from 'zod';
import { catalogueFamilies } from './catalogue-families.js';
import { fitSchema } from './fit.js';

const textSchema = z.string().trim().min(1);
const countSchema = z.number().int().positive();
const sha256Schema = z.string().regex(/^[\da-f]{64}$/);
/** `owner/name` on the hub. */
const repositorySchema = z.string().regex(/^[\w.-]+\/[\w.-]+$/);
/** A plain name: no folder in it. */
const fileNameSchema = z.string().regex(/^[\w][\w.-]*$/);
/** As exact as it is known: a day, or a month. */
const dateSchema = z.string().regex(/^20\d\d-\d\d(?:-\d\d)?$/);

const architectureSchema = z.object({
  layers: countSchema,
  heads: countSchema,
  /** Fewer than heads where several share their keys and values. */
  kvHeads: countSchema,
  headSize: countSchema,
  /** Length of a token's vector. */
  width: countSchema,
  feedForward: countSchema,
  /** Tokens; null where the release is not known exactly. */
  vocabulary: countSchema.nullable(),
  /** The first and the last layer share one table of tokens. */
  tiedEmbeddings: z.boolean(),
});

const catalogueFileSchema = z.object({
  fileName: fileNameSchema.endsWith('.gguf'),
  quantization: textSchema,
  sizeBytes: countSchema,
  /** `rounded`: as a page shows it. `reckoned`: of another model of the same shape. */
  sizeFrom: z.enum(['exact', 'rounded', 'reckoned']),
  /** False where the name follows the repository's pattern but was not seen. */
  nameSeen: z.boolean(),
  sha256: sha256Schema.nullable(),
});

const catalogueRepositorySchema = z.object({
  repository: repositorySchema,
  /** A commit that had the files; null = the newest. */
  revision: z
    .string()
    .regex(/^[\da-f]{40}$/)
    .nullable(),
  /** How sure it is that the repository has these files. */
  confidence: z.enum(['very high', 'high', 'medium', 'low']),
  note: textSchema.nullable(),
  files: z.array(catalogueFileSchema).min(1),
});

/** Files of 2023 that today's programs do not load as they are. */
const legacySchema = z.object({
  repository: repositorySchema,
  note: textSchema.nullable(),
  files: z.array(
    z.object({
      fileName: fileNameSchema.endsWith('.bin'),
      quantization: textSchema,
      container: z.enum(['ggjt v3', 'ggjt v2', 'ggjt v1', 'ggjt v1 or v2', 'ggjt v1 or older', 'ggjt']),
      sizeBytes: countSchema.nullable(),
      sha256: sha256Schema.nullable(),
    }),
  ),
});

/** A figure that the authors or a public table gave; figures of different sources can't be compared as they are. */
const resultSchema = z.object({ test: textSchema, value: z.number(), source: textSchema });

export const catalogueModelSchema = z.object({
  id: z.string().regex(/^[a-z\d][a-z\d.-]*$/),
  family: z.enum(catalogueFamilies),
  name: textSchema,
  alsoKnownAs: z.array(textSchema),
  /** `base` continues text, `instruct` answers one task, `chat` holds a conversation. */
  kind: z.enum(['base', 'instruct', 'chat']),
  /** Null = never released. */
  released: dateSchema.nullable(),
  authors: textSchema,
  /** Id of the model that it was trained from, or its name where that is not in the catalogue. */
  base: textSchema.nullable(),
  parameters: countSchema,
  architecture: architectureSchema,
  /** Tokens of context that it was trained for. */
  contextSize: countSchema,
  licence: textSchema,
  commercialUse: z.boolean(),
  summary: textSchema,
  history: textSchema,
  training: textSchema,
  results: z.array(resultSchema),
  /** What people and judges said, in words. */
  verdict: textSchema.nullable(),
  quirks: z.array(textSchema),
  /** Prompt template; one of resources/templates. */
  template: textSchema,
  /** Names of presets in resources/presets/presets.json, best first. */
  presets: z.array(textSchema).min(1),
  /** How the authors gave it out. */
  original: z.object({
    form: z.enum(['full', 'delta', 'xor', 'none']),
    repository: repositorySchema.nullable(),
    how: textSchema,
  }),
  repositories: z.array(catalogueRepositorySchema),
  legacy: z.array(legacySchema),
  /** How it can be had although there is no GGUF of it; null where there is one. */
  withoutGguf: textSchema.nullable(),
});

/** A model with what it is to this machine: which of its files are here, and whether they fit. */
export const catalogueEntrySchema = catalogueModelSchema.extend({
  repositories: z.array(
    catalogueRepositorySchema.extend({
      files: z.array(
        catalogueFileSchema.extend({
          /** Where it lies on this machine; null when it is not here. */
          path: z.string().nullable(),
          /** How good its quantisation is, in words. */
          quality: z.string().nullable(),
          fit: fitSchema,
        }),
      ),
    }),
  ),
  /** The file at 4 bits that people take first; its size is reckoned where there is none. */
  usual: z.object({ sizeBytes: countSchema, fit: fitSchema }),
});

/** What the page of the history tells beside what follows from the models. */
export const historySchema = z.object({
  story: z.array(z.object({ date: dateSchema, title: textSchema, text: textSchema })),
  /** Of LLaMA. */
  trainingMix: z.array(z.object({ source: textSchema, percent: z.number().positive(), note: textSchema })),
  /** What is often told of these models, and what is right. */
  corrections: z.array(z.object({ told: textSchema, right: textSchema })),
  /** In a few words, what each family was trained on. */
  families: z.array(z.object({ family: z.enum(catalogueFamilies), data: textSchema })),
  /** Of LLaMA 7B, 13B, 33B and 65B. */
  sizes: z.array(
    z.object({
      quantization: textSchema,
      sizesBytes: z.array(countSchema).length(4),
      /** Of the 7B on WikiText-2, by llama.cpp's own notes of 2023. */
      perplexity: z.number().nullable(),
    }),
  ),
});

export type CatalogueFile = z.infer<typeof catalogueFileSchema>;
export type CatalogueEntry = z.infer<typeof catalogueEntrySchema>;
export type History = z.infer<typeof historySchema>;
export type CatalogueModel = z.infer<typeof catalogueModelSchema>;
