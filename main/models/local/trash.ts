/** Owns deleting a model: what may be deleted, all its files, the trash first and for good only when told so. */
import { basename, dirname } from 'node:path';
import { AppError } from '../../../preload/contract/errors.js';
import type { ModelFile } from '../../../preload/contract/local-models.js';

export type TrashOptions = {
  /** Asks the person at the screen; the first button does it. */
  readonly ask: (question: { message: string; detail: string; action: string }) => Promise<boolean>;
  /** Frees the model if it is in use. */
  readonly release: (paths: readonly string[]) => Promise<void>;
  readonly moveToTrash: (path: string) => Promise<void>;
  readonly deleteForGood: (path: string) => Promise<void>;
};

/**
 * @returns kept: the answer was no
 * @throws AppError `bad-input` for a file that is not the list's to delete
 */
export async function deleteModel(
  model: ModelFile,
  { ask, release, moveToTrash, deleteForGood }: TrashOptions,
): Promise<'trash' | 'gone' | 'kept'> {
  const { name, path, parts, source, store } = model;
  if (store !== null || source === 'starter') throw notOurs(store);
  const size = `${(model.sizeBytes / 1e9).toFixed(2)} GB`;
  const files = parts.length === 1 ? basename(path) : `${parts.length} files like ${basename(path)}`;
  const where = `${files} in ${dirname(path)}`;
  const sure = await ask({
    message: `Move ${name} to the trash?`,
    detail: `${size}: ${where}. You can put it back from the trash.`,
    action: 'Move to the trash',
  });
  if (!sure) return 'kept';
  await release([...parts, ...model.places]);
  const left: string[] = [];
  for (const part of parts) await moveToTrash(part).catch(() => left.push(part));
  if (left.length === 0) return 'trash';
  const forGood = await ask({
    message: `There is no trash for ${name} here. Delete it for good?`,
    detail: `${size}: ${where}. It can’t be brought back.`,
    action: 'Delete for good',
  });
  if (!forGood) return 'kept';
  for (const part of left) await deleteForGood(part).catch(notAllowed(name));
  return 'gone';
}

const notAllowed = (name: string) => (thrown: unknown) => {
  throw new AppError(
    {
      code: 'bad-input',
      message: `${name} could not be deleted.`,
      hint: 'Its folder may be read-only, or another program may be using it.',
      details: String(thrown),
    },
    { cause: thrown },
  );
};

function notOurs(store: string | null): AppError {
  return new AppError({
    code: 'bad-input',
    message:
      store === null
        ? 'This model was given at the start of the app, so it is not deleted from here.'
        : `This model belongs to ${store}, so it is not deleted from here.`,
    hint:
      store === null
        ? 'Delete the file yourself.'
        : 'Delete it there; only so the app knows that it is gone.',
  });
}
