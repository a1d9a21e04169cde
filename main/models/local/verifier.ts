/** Owns verifying models again: header, bounds and all bytes against what they should be; one at a time; never repairs. */
import { t } from '../../../preload/contract/language.js';
import { stat } from 'node:fs/promises';
import type { Database } from '../../db/client.js';
import { AppError } from '../../../preload/contract/errors.js';
import type { ModelFile, Verification } from '../../../preload/contract/local-models.js';
import { readSummary } from '../inspect.js';
import { isSameFile } from './describe.js';
import type { Hasher } from './hashing.js';

export type VerifierOptions = {
  readonly known: Pick<Database, 'listModelRecords' | 'saveModelRecord'>;
  readonly hash: Hasher;
  /** @param progress share of the bytes that were read; null at the end */
  readonly onProgress: (path: string, progress: number | null) => void;
};

export class Verifier {
  readonly #options: VerifierOptions;
  readonly #cancels = new Map<string, AbortController>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: VerifierOptions) {
    this.#options = options;
  }

  /**
   * Reads all of a model, after those that were asked for before.
   * @throws AppError `cancelled`, `busy` for one that is being verified, or what is wrong with its header
   */
  verify(model: ModelFile): Promise<Verification> {
    const { path } = model;
    if (this.#cancels.has(path)) {
      throw new AppError({ code: 'busy', message: t('This model is being verified already.') });
    }
    const cancel = new AbortController();
    this.#cancels.set(path, cancel);
    this.#options.onProgress(path, 0);
    const work = this.#turn.then(() => this.#run(model, cancel.signal));
    this.#turn = work.catch(() => undefined);
    return work.finally(() => {
      this.#cancels.delete(path);
      this.#options.onProgress(path, null);
    });
  }

  cancel(path: string): void {
    this.#cancels.get(path)?.abort();
  }

  async #run({ path, parts, sizeBytes }: ModelFile, signal: AbortSignal): Promise<Verification> {
    await readSummary(path);
    let result: Verification['result'] = 'matches';
    let before = 0;
    let sha256 = '';
    for (const part of parts) {
      const checked = await this.#checkFile(part, signal, (doneBytes) =>
        this.#options.onProgress(path, Math.min(1, (before + doneBytes) / sizeBytes)),
      );
      before += checked.sizeBytes;
      sha256 ||= checked.sha256;
      result = worst(result, checked.result);
    }
    return { result, sha256 };
  }

  async #checkFile(path: string, signal: AbortSignal, onProgress: (doneBytes: number) => void) {
    const { known, hash } = this.#options;
    const record = (await known.listModelRecords()).find((one) => one.path === path);
    const now = await stamp(path);
    const sha256 = await hash({ path, kind: 'sha256' }, { signal, onProgress });
    if (!isSameFile(now, await stamp(path))) {
      throw new AppError({
        code: 'busy',
        message: t('The file was changed while it was read.'),
        hint: t('Wait until nothing writes to it any more, and verify it then.'),
      });
    }
    const expected = record?.expectedSha256 ?? null;
    const hashedBefore = record !== undefined && isSameFile(record, now) ? record.sha256 : null;
    const result = verdict(sha256, expected, hashedBefore);
    const isGood = result === 'matches' || result === 'recorded';
    // A hash that was good stays: the next look has to find the damage too.
    const kept = result === 'changed' ? {} : { sha256 };
    await known.saveModelRecord({ path, ...now, ...kept, verifiedAt: isGood ? Date.now() : null });
    return { sha256, sizeBytes: now.sizeBytes, result };
  }
}

/** @param expected by its source. @param before taken here of a file of this size and time */
function verdict(sha256: string, expected: string | null, before: string | null): Verification['result'] {
  if (expected !== null) return sha256 === expected ? 'matches' : 'differs';
  if (before === null) return 'recorded';
  return sha256 === before ? 'matches' : 'changed';
}

const order: readonly Verification['result'][] = ['matches', 'recorded', 'changed', 'differs'];
const worst = (a: Verification['result'], b: Verification['result']) =>
  order.indexOf(a) > order.indexOf(b) ? a : b;

async function stamp(path: string): Promise<{ sizeBytes: number; modifiedMs: number }> {
  const { size, mtimeMs } = await stat(path);
  return { sizeBytes: size, modifiedMs: mtimeMs };
}
