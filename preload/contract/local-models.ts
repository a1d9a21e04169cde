/** Owns what is said of model files on this machine: what their headers say, where they lie, what is known of them. */
import { z } from 'zod';

const sha256Schema = z.string().regex(/^[\da-f]{64}$/);

/** What costs memory in a model; 0 where the file does not say. See main/engine/memory.ts. */
const modelShapeSchema = z.object({
  layers: z.number(),
  kvHeads: z.number(),
  headSize: z.number(),
  width: z.number(),
  feedForward: z.number(),
  vocabulary: z.number(),
  trainedContext: z.number(),
});

/** What the header of a model says, of all its parts together. */
export const modelHeaderSchema = z.object({
  /** All parts together. */
  sizeBytes: z.number().int(),
  architecture: z.string().nullable(),
  quantization: z.string().nullable(),
  trainedContext: z.number().int().nullable(),
  /** Null for one that could not be read. */
  shape: modelShapeSchema.nullable(),
  /** Why it can't be used; null when it looks sound. */
  problem: z.string().nullable(),
});

/** What is known of a file that does not stand in it. It outlives the file: one that comes back is known again. */
export const modelRecordSchema = z.object({
  path: z.string(),
  /** Size and time of change of the file when it was looked at: with others, header and hash are of another file. */
  sizeBytes: z.number().int().nullable(),
  modifiedMs: z.number().nullable(),
  header: modelHeaderSchema.nullable(),
  /** Of the whole file, as it was read here. */
  sha256: sha256Schema.nullable(),
  /** Of the file as it should be, by who gave it. */
  expectedSha256: sha256Schema.nullable(),
  /** Where it came from, for people: `owner/name@revision`, a link, or the file that it was made of. */
  origin: z.string().nullable(),
  /** When it was last found to be as it should be, in ms since 1970. */
  verifiedAt: z.number().int().nullable(),
  /** When it was last loaded, in ms since 1970. */
  usedAt: z.number().int().nullable(),
});

/** Whether the bytes of a model are known to be right: by the hash its source gave, by one taken here before, or not. */
const soundnessSchema = z.enum(['unknown', 'hashed', 'verified', 'differs']);

const modelFileSchema = modelHeaderSchema.extend({
  /** Of the first part. */
  path: z.string(),
  /** Name shown: the file's name, or the one that another app gave it. */
  name: z.string(),
  /** All files of a split model; one for any other. */
  parts: z.array(z.string()),
  /** Other paths at which the same model lies. */
  places: z.array(z.string()),
  /** How it came to the list: files are found in folders, or were added one by one. */
  source: z.enum(['models', 'folder', 'file', 'starter']),
  /** The folder of the list in which it was found. */
  folder: z.string().nullable(),
  /** The app in whose store it lies, where nothing is deleted from here; null for plain files. */
  store: z.string().nullable(),
  modifiedMs: z.number().nullable(),
  usedAt: z.number().nullable(),
  origin: z.string().nullable(),
  soundness: soundnessSchema,
  verifiedAt: z.number().nullable(),
});

/** A folder whose models are in the list. */
const modelFolderSchema = z.object({
  path: z.string(),
  /** The models folder of the app itself. */
  isOwn: z.boolean(),
  models: z.number().int(),
  sizeBytes: z.number().int(),
  /** What downloads have left there that is not finished. */
  partFilesBytes: z.number().int(),
  /** Why not all in it is seen, or nothing can be written there; null when all is well. */
  problem: z.string().nullable(),
});

export const modelLibrarySchema = z.object({
  files: z.array(modelFileSchema),
  folders: z.array(modelFolderSchema),
});

/** What came of adding files and folders. */
export const addedModelsSchema = modelLibrarySchema.extend({
  /** Paths of models that are new in the list. */
  added: z.array(z.string()),
  refused: z.array(z.object({ path: z.string(), problem: z.string() })),
});

/** A folder of another app that has models in it. */
export const appFolderSchema = z.object({
  app: z.string(),
  path: z.string(),
  models: z.number().int(),
  sizeBytes: z.number().int(),
  /** Whether the list has it already. */
  isAdded: z.boolean(),
  problem: z.string().nullable(),
});

export const verificationSchema = z.object({
  /** `changed`: another hash than one taken here before, though size and time are the same. */
  result: z.enum(['matches', 'differs', 'changed', 'recorded']),
  sha256: sha256Schema,
});

/** `kept`: the answer to the question was no. */
export const deletionSchema = modelLibrarySchema.extend({ result: z.enum(['trash', 'gone', 'kept']) });

export const storageSchema = z.object({
  databaseBytes: z.number(),
  home: z.string(),
  /** Of the disk below each folder of the list, and below the data folder, by its path; without those that are not there. */
  disks: z.record(z.string(), z.object({ freeBytes: z.number(), totalBytes: z.number() })),
});

export type ModelHeader = z.infer<typeof modelHeaderSchema>;
export type ModelRecord = z.infer<typeof modelRecordSchema>;
export type ModelFile = z.infer<typeof modelFileSchema>;
export type ModelFolder = z.infer<typeof modelFolderSchema>;
export type LocalLibrary = z.infer<typeof modelLibrarySchema>;
export type AddedModels = z.infer<typeof addedModelsSchema>;
export type AppFolderOffer = z.infer<typeof appFolderSchema>;
export type Storage = z.infer<typeof storageSchema>;
export type Verification = z.infer<typeof verificationSchema>;
