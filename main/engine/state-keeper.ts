/** Owns when the KV state of a conversation goes to disk and when it comes back; never how it is kept there. */
import { t } from '../../preload/contract/language.js';
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import { AppError } from '../../preload/contract/errors.js';
import type { BatchLog } from './batch-log.js';
import type { StateFiles } from './state-files.js';
import { bestState, commonPrefix, unsavedTokens, worthTokens } from './state-index.js';

export type StateKeeperOptions = {
  readonly sequence: LlamaContextSequence;
  /** Of the sequence's cache. */
  readonly batchLog: BatchLog;
  readonly files: StateFiles;
  /** See state-key.ts. */
  readonly key: string;
  /** About what a token takes in a file. */
  readonly bytesPerToken: number;
  /** A state could not be kept; nothing is lost by it but time. */
  readonly onProblem: (problem: AppError) => void;
};

/** While a chat goes on, its state is written anew only when it grew by this share: the disk is not worn by each turn. */
const growth = 0.2;

export class StateKeeper {
  readonly #options: StateKeeperOptions;
  /** Whether the live state holds something that must never reach the disk. */
  #isIncognito = false;

  constructor(options: StateKeeperOptions) {
    this.#options = options;
  }

  /**
   * Before anything else of a prompt: an incognito one keeps what was live before it, and none of its own; the next
   * one that is not starts from nothing.
   */
  async begin(isIncognito: boolean): Promise<void> {
    const { sequence, batchLog } = this.#options;
    if (isIncognito) await this.save();
    else if (this.#isIncognito) {
      await sequence.clearHistory();
      batchLog.cut(0);
    }
    this.#isIncognito = isIncognito;
  }

  /**
   * Before a prompt is read: keeps what it is about to throw away, and loads the saved state that spares most of it.
   * @returns where the tokens come from that need no evaluation
   */
  async prepare(prompt: readonly Token[]): Promise<'memory' | 'disk'> {
    const { sequence, batchLog, files, key } = this.#options;
    const live = sequence.contextTokens;
    if (commonPrefix(live, prompt) < live.length / 2) await this.save();
    for (;;) {
      const common = commonPrefix(sequence.contextTokens, prompt);
      const state = bestState(files.list(key), prompt, common);
      if (state === null) return 'memory';
      const path = await files.open(state);
      if (path === null) continue;
      // A load that fails must not leave cells that the sequence does not know of.
      await sequence.clearHistory();
      try {
        // Written by this release from this model under these settings, and unchanged since: that is the risk taken.
        await sequence.loadStateFromFile(path, { acceptRisk: true });
        batchLog.restore(state.batches);
        return 'disk';
      } catch {
        files.remove(state);
      }
    }
  }

  /** Keeps the state of a conversation that may go on. */
  async keepUp(): Promise<void> {
    await this.save(Math.max(worthTokens, growth * this.#options.sequence.contextTokens.length));
  }

  /**
   * Writes the live state to disk.
   * @param worth not for fewer tokens that no saved state has
   */
  async save(worth = worthTokens): Promise<void> {
    if (this.#isIncognito) return;
    const { sequence, batchLog, files, key, bytesPerToken, onProblem } = this.#options;
    // Such models can't go back to a prefix, which is what a saved state is for.
    if (sequence.needsCheckpoints) return;
    const tokens = sequence.contextTokens;
    if (unsavedTokens(files.list(key), tokens) < worth) return;
    try {
      await files.add({ key, tokens, batches: batchLog.batches }, bytesPerToken * tokens.length, (path) =>
        sequence.saveStateToFile(path),
      );
    } catch (thrown) {
      onProblem(
        new AppError(
          {
            code: 'disk-full',
            message: t('The prompt cache could not be written.'),
            hint: t(
              'Coming back to a chat takes longer until it can. Free some space on the disk, or allow it less under Settings.',
            ),
            details: AppError.from(thrown).message,
          },
          { cause: thrown },
        ),
      );
    }
  }
}
