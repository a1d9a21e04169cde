/** Owns the list of models in a backup, and telling which of them are on this machine. Pure. */
import type { BackupModel } from '../../../preload/contract/backup-files.js';
import type { CatalogueEntry } from '../../../preload/contract/catalogue.js';
import type { ModelFile, ModelRecord } from '../../../preload/contract/local-models.js';

/** The models of this machine as a backup lists them. */
export function listModels(
  files: readonly ModelFile[],
  records: readonly ModelRecord[],
  catalogue: readonly CatalogueEntry[],
): BackupModel[] {
  const recordOf = new Map(records.map((record) => [record.path, record]));
  return files.map(({ path, name, sizeBytes, origin, parts }) => {
    const record = recordOf.get(path);
    const entry = catalogue.find(({ repositories }) =>
      repositories.some((one) => one.files.some((file) => file.path === path)),
    );
    return {
      ...{ name, path, sizeBytes, origin },
      // That of the first part tells nothing of the others.
      sha256: parts.length > 1 ? null : (record?.sha256 ?? record?.expectedSha256 ?? null),
      catalogue: entry === undefined ? null : { id: entry.id, name: entry.name },
    };
  });
}

/** The path of a model on this machine; null = it is not here. */
export function pathOfModel(model: BackupModel, here: readonly BackupModel[]): string | null {
  const same = here.find((one) =>
    model.sha256 !== null && one.sha256 !== null
      ? model.sha256 === one.sha256
      : model.sizeBytes === one.sizeBytes && fileNameOfPath(model.path) === fileNameOfPath(one.path),
  );
  return same?.path ?? null;
}

/** Of either kind of system: the other machine may have another one. */
const fileNameOfPath = (path: string): string => path.split(/[\\/]/).at(-1)!;
