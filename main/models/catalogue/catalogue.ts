/** Owns the catalogue as the page sees it: the models that are kept in the database, with what they are to this machine. */
import { t } from '../../../preload/contract/language.js';
import {
  catalogueModelSchema,
  type CatalogueEntry,
  type CatalogueModel,
} from '../../../preload/contract/catalogue.js';
import type { DownloadRequest } from '../../../preload/contract/downloads.js';
import { AppError } from '../../../preload/contract/errors.js';
import type { Database } from '../../db/client.js';
import type { Fits } from '../fit/fits.js';
import { qualityOf } from '../hub/quantizations.js';
import type { ModelLibrary } from '../library.js';
import { pathOnMachine } from './on-machine.js';
import { shapeOf, usualSizeBytes } from './sizes.js';

type Rooms = {
  /** Address of the hub, without a slash at its end. */
  readonly endpoint: () => string;
  readonly db: Pick<Database, 'catalogueVersion' | 'listCatalogue' | 'replaceCatalogue' | 'listModelRecords'>;
  readonly library: Pick<ModelLibrary, 'list'>;
  readonly fits: Pick<Fits, 'now'>;
};

export class Catalogue {
  readonly #rooms: Rooms;
  #models: Promise<readonly CatalogueModel[]> | null = null;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  /** All models in the order of their history, with which of their files are here and whether they fit. */
  async list(): Promise<CatalogueEntry[]> {
    const { db, library, fits } = this.#rooms;
    const [models, files, records, fitNow] = await Promise.all([
      this.#kept(),
      library.list(),
      db.listModelRecords(),
      fits.now(),
    ]);
    const recordOf = new Map(records.map((record) => [record.path, record]));
    const local = files.map((file) => ({ ...file, record: recordOf.get(file.path) ?? null }));
    return models.map((model) => {
      const shape = shapeOf(model);
      const sizeBytes = usualSizeBytes(model);
      return {
        ...model,
        usual: { sizeBytes, fit: fitNow({ shape, weightsBytes: sizeBytes }) },
        repositories: model.repositories.map((one) => ({
          ...one,
          files: one.files.map((file) => ({
            ...file,
            path: pathOnMachine(one.repository, file, local),
            quality: qualityOf(file.quantization),
            fit: fitNow({ shape, weightsBytes: file.sizeBytes }),
          })),
        })),
      };
    });
  }

  /**
   * What is to be fetched for a file.
   * @throws AppError not-found when the catalogue has no such file
   */
  async download(repository: string, fileName: string): Promise<DownloadRequest> {
    for (const { name, repositories } of await this.#kept()) {
      const from = repositories.find((one) => one.repository === repository);
      const file = from?.files.find((one) => one.fileName === fileName);
      if (from === undefined || file === undefined) continue;
      const revision = from.revision ?? 'main';
      return {
        name: `${name} ${file.quantization}`,
        source: `${repository}@${revision.slice(0, 12)}`,
        files: [
          {
            url: `${this.#rooms.endpoint()}/${repository}/resolve/${revision}/${fileName}`,
            // Files of different repositories have the same names.
            fileName: `${repository}/${fileName}`,
            // What is only nearly known would make a sound file look damaged.
            sizeBytes: file.sizeFrom === 'exact' ? file.sizeBytes : null,
            sha256: file.sha256,
          },
        ],
      };
    }
    throw new AppError({
      code: 'not-found',
      message: t('The catalogue has no file {fileName} of {repository}.', { fileName, repository }),
      hint: t('Look for it on the hub.'),
    });
  }

  /** The models from the database, which gets the shipped ones first where it has others. */
  #kept(): Promise<readonly CatalogueModel[]> {
    this.#models ??= this.#load().catch((thrown: unknown) => {
      this.#models = null;
      throw thrown;
    });
    return this.#models;
  }

  async #load(): Promise<readonly CatalogueModel[]> {
    const { db } = this.#rooms;
    const { shippedRows, shippedVersion } = await import('./shipped.js');
    if ((await db.catalogueVersion()) !== shippedVersion) {
      await db.replaceCatalogue(shippedVersion, shippedRows);
    }
    return (await db.listCatalogue()).map(({ model }) => catalogueModelSchema.parse(JSON.parse(model)));
  }
}
