/** Owns finding all tensors of a folder in Hugging Face's layout, in one file or in many; never reads their values. */
import { t } from '../../../preload/contract/language.js';
import { z } from 'zod';
import { AppError } from '../../../preload/contract/errors.js';
import { brokenFile, type ExactBytes } from './exact-bytes.js';
import { readJson, type ModelFolder } from './model-folder.js';
import { readSafetensors } from './safetensors.js';
import type { StoredTensor } from './stored-tensor.js';
import { readTorchFile } from './torch-file.js';

export type Checkpoint = {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly files: readonly ExactBytes[];
  close(): Promise<void>;
};

const forms = [
  { single: 'model.safetensors', index: 'model.safetensors.index.json', read: readSafetensors },
  { single: 'pytorch_model.bin', index: 'pytorch_model.bin.index.json', read: readTorchFile },
] as const;

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

type Weights = { readonly form: (typeof forms)[number]; readonly files: readonly string[] };

/**
 * The files that hold the weights, whether they are there or not.
 * @throws AppError not-found when there are none, bad-input for a broken index
 */
export async function weightFiles(folder: ModelFolder): Promise<Weights> {
  for (const form of forms) {
    const index = await readJson(folder, form.index);
    if (index !== null) {
      const parsed = indexSchema.safeParse(index);
      if (!parsed.success) throw brokenFile(form.index, t('it does not say which tensor lies in which file'));
      return { form, files: [...new Set(Object.values(parsed.data.weight_map))].sort() };
    }
    if (folder.files.has(form.single)) return { form, files: [form.single] };
  }
  throw new AppError({
    code: 'not-found',
    message: t('{name} holds no weights in Hugging Face’s layout.', { name: folder.name }),
    hint: t('Choose the folder that has config.json and model.safetensors or pytorch_model.bin in it.'),
  });
}

/** @throws AppError not-found naming each missing file, bad-input or model-unsupported for what can't be read */
export async function openCheckpoint(folder: ModelFolder): Promise<Checkpoint> {
  const { form, files } = await weightFiles(folder);
  const missing = files.filter((file) => !folder.files.has(file));
  if (missing.length > 0) throw missingFiles(missing);
  const opened: ExactBytes[] = [];
  const close = async () => {
    await Promise.all(opened.map((file) => file.close()));
  };
  try {
    const tensors = new Map<string, StoredTensor>();
    for (const name of files) {
      const file = await folder.open(name);
      opened.push(file);
      for (const tensor of await form.read(file)) {
        if (tensors.has(tensor.name))
          throw brokenFile(name, t('the tensor {name} is in another file too', { name: tensor.name }));
        tensors.set(tensor.name, tensor);
      }
    }
    return { tensors, files: opened, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

export function missingFiles(files: readonly string[]): AppError {
  return new AppError({
    code: 'not-found',
    message: t('{count, plural, one {A file is} other {# files are}} missing: {files}.', {
      count: files.length,
      files: files.join(', '),
    }),
    hint: t('Download what is missing into the same folder, and choose it again.'),
  });
}
