/** Owns deleting a model: what may be deleted, all its files, the trash first and for good only when told so. */
import { t } from '../../../preload/contract/language.js';
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
  const what = {
    ...{ size: model.sizeBytes / 1e9, count: parts.length },
    ...{ file: basename(path), folder: dirname(path) },
  };
  const sure = await ask({
    message: t('Move {name} to the trash?', { name }),
    detail: t(
      '{size, number, ::.00} GB: {count, plural, one {{file}} other {# files like {file}}} in {folder}. You can put it back from the trash.',
      what,
    ),
    action: t('Move to the trash'),
  });
  if (!sure) return 'kept';
  await release([...parts, ...model.places]);
  const left: string[] = [];
  for (const part of parts) await moveToTrash(part).catch(() => left.push(part));
  if (left.length === 0) return 'trash';
  const forGood = await ask({
    message: t('There is no trash for {name} here. Delete it for good?', { name }),
    detail: t(
      '{size, number, ::.00} GB: {count, plural, one {{file}} other {# files like {file}}} in {folder}. It can’t be brought back.',
      what,
    ),
    action: t('Delete for good'),
  });
  if (!forGood) return 'kept';
  for (const part of left) await deleteForGood(part).catch(notAllowed(name));
  return 'gone';
}

const notAllowed = (name: string) => (thrown: unknown) => {
  throw new AppError(
    {
      code: 'bad-input',
      message: t('{name} could not be deleted.', { name }),
      hint: t('Its folder may be read-only, or another program may be using it.'),
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
        ? t('This model was given at the start of the app, so it is not deleted from here.')
        : t(
            'This model belongs to {store, select, Ollama {Ollama} other {the cache of Hugging Face}}, so it is not deleted from here.',
            { store },
          ),
    hint:
      store === null
        ? t('Delete the file yourself.')
        : t('Delete it there; only so the app knows that it is gone.'),
  });
}
