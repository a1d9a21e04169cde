/** Owns asking a server for the open blocks of a file by several connections, and waiting after failures; never what for. */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import { StatusError } from '../../net/errors.js';
import type { Credential, Http } from '../../net/http.js';
import { ifRange, readAnswer, type FoundFile } from './answer.js';
import { blockBytes, nextPart, partBlocks, type BlockSpan } from './blocks.js';
import { storeBody } from './body.js';
import type { Naps } from './naps.js';
import type { PartFile } from './part-file.js';
import type { RateLimiter } from './rate-limiter.js';

export type LaneTools = {
  readonly http: Pick<Http, 'open'>;
  readonly limiter: RateLimiter;
  readonly credential: Credential | null;
  /** What the user did that it is fetched. */
  readonly cause: string;
  /** Requests at once for one file. */
  readonly connections: number;
  /** How long to wait after so many failures in a row; `askedMs` is what the server asked for. */
  readonly retryDelayMs: (failures: number, askedMs: number | null) => number;
  readonly naps: Naps;
};

/** The file that is fetched. */
export type LaneTarget = {
  readonly url: string;
  /** Null before the first answer. */
  part(): PartFile | null;
  /** Whether a block must still be asked for. */
  isOpen(index: number): boolean;
  /** Takes note of what an answer tells of the file. @throws when it is not the file that is wanted */
  learn(found: FoundFile): Promise<PartFile>;
  store(part: PartFile, index: number, block: Buffer): Promise<void>;
  /** The connection broke, and the server can't go on in the middle. */
  startAnew(): Promise<void>;
};

/** After as many in a row without a byte of the file ever, nothing is to be hoped for. */
const hopelessFailures = 6;

export class Lanes {
  readonly #target: LaneTarget;
  readonly #tools: LaneTools;
  readonly #taken = new Set<BlockSpan>();
  /** False once the server sent the whole file where a part was asked for. */
  #ranges = true;
  /** Where redirects led: the next parts are asked for there at once. */
  #direct: string | null = null;
  #wait: { readonly note: string; readonly retryAtMs: number } | null = null;
  /** Bytes that came and are not in a block yet. */
  unstoredBytes = 0;

  constructor(target: LaneTarget, tools: LaneTools) {
    this.#target = target;
    this.#tools = tools;
  }

  /** Why the last failure makes it wait, while it does. */
  get wait(): { readonly note: string; readonly retryAtMs: number } | null {
    return this.#wait;
  }

  get isIdle(): boolean {
    return this.#taken.size === 0;
  }

  /** Asks until nothing is open. @throws what no waiting can mend; AppError `cancelled` by the signal */
  async round(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const lanes = new Set<Promise<void>>();
    let failure: unknown = null;
    const add = () => {
      const lane = this.#lane(either, fill)
        .catch((thrown: unknown) => {
          failure ??= thrown;
          stop.abort();
        })
        .finally(() => lanes.delete(lane));
      lanes.add(lane);
    };
    /** More connections, once it is known that the server answers ranges. */
    const fill = () => {
      while (lanes.size < this.#tools.connections && this.#next() !== null) add();
    };
    add();
    while (lanes.size > 0) await Promise.race(lanes);
    if (failure !== null) throw failure;
  }

  /** Waits and says why. @returns whether the machine woke meanwhile, which ends the wait */
  async sleep(waitMs: number, note: string, signal: AbortSignal): Promise<boolean> {
    const wait = (this.#wait = { note, retryAtMs: Date.now() + waitMs });
    try {
      return await this.#tools.naps.take(waitMs, signal);
    } finally {
      if (this.#wait === wait) this.#wait = null;
    }
  }

  /** One connection: part after part. */
  async #lane(signal: AbortSignal, onRange: () => void): Promise<void> {
    let failures = 0;
    for (let span; (span = this.#next()) !== null;) {
      const direct = this.#direct;
      const { stored, thrown } = await this.#attempt(span, signal, onRange);
      failures = thrown === null ? 0 : stored ? 1 : failures + 1;
      if (thrown === null) continue;
      if (signal.aborted || !(thrown instanceof AppError)) throw thrown;
      if (this.#target.part()?.sizeBytes === null) await this.#target.startAnew();
      // A signed link runs out: the first address makes a new one.
      if (direct !== null && thrown instanceof StatusError && thrown.status < 500) this.#direct = null;
      // The network is another one than before the machine slept.
      else if (await this.#waitAfter(thrown, failures, signal)) failures = 0;
    }
  }

  async #waitAfter(error: AppError, failures: number, signal: AbortSignal): Promise<boolean> {
    const passing = error instanceof StatusError ? isPassing(error.status) : error.code === 'network-failed';
    const hopeless = this.#target.part() === null && failures >= hopelessFailures;
    if (!passing || hopeless) throw error;
    const askedMs = error instanceof StatusError ? error.retryAfterMs : null;
    return this.sleep(this.#tools.retryDelayMs(failures, askedMs), error.message, signal);
  }

  /** The next blocks to ask for; all of them where the server knows no ranges. */
  #next(): BlockSpan | null {
    const part = this.#target.part();
    if (part === null) return this.isIdle ? { start: 0, end: partBlocks } : null;
    if (!this.#ranges && !this.isIdle) return null;
    const isTaken = (index: number) =>
      [...this.#taken].some(({ start, end }) => index >= start && index < end);
    const span = nextPart(part.blocks, (index) => this.#target.isOpen(index) && !isTaken(index));
    return span === null || this.#ranges ? span : { start: 0, end: part.blocks };
  }

  /** @returns what went wrong, and whether a block was stored before */
  async #attempt(
    span: BlockSpan,
    signal: AbortSignal,
    onRange: () => void,
  ): Promise<{ stored: boolean; thrown: unknown }> {
    let stored = false;
    this.#taken.add(span);
    try {
      await this.#fetch(span, signal, onRange, () => (stored = true));
      return { stored, thrown: stored || !this.#ranges ? null : nothingCame(this.#target.url) };
    } catch (thrown) {
      return { stored, thrown };
    } finally {
      this.#taken.delete(span);
    }
  }

  async #fetch(
    span: BlockSpan,
    signal: AbortSignal,
    onRange: () => void,
    onStored: () => void,
  ): Promise<void> {
    const { http, credential, cause, limiter } = this.#tools;
    const known = this.#target.part();
    const startByte = span.start * blockBytes;
    const endByte = Math.min(span.end * blockBytes, known?.sizeBytes ?? Infinity) - 1;
    const answer = await http.open(this.#direct ?? this.#target.url, {
      ...(this.#ranges ? { range: { startByte, endByte }, headers: ifRange(known?.validator ?? null) } : {}),
      ...{ purpose: 'download', cause, credential, signal },
    });
    try {
      const found = readAnswer(answer);
      const part = await this.#target.learn(found);
      if (answer.url.href !== this.#target.url) this.#direct = answer.url.href;
      if (found.isRange) {
        if (found.startByte !== startByte) throw nothingCame(this.#target.url);
        onRange();
      } else {
        this.#ranges = false;
        // The others finish their parts; then one connection asks for the whole.
        if (this.#taken.size > 1) return;
      }
      await storeBody(answer, part, found.startByte / blockBytes, {
        endBlock: found.isRange ? span.end : part.blocks,
        wants: (index) => this.#target.isOpen(index),
        pass: (sizeBytes) => limiter.pass(sizeBytes, signal),
        received: (sizeBytes) => (this.unstoredBytes += sizeBytes),
        store: async (index, block) => {
          await this.#target.store(part, index, block);
          onStored();
        },
      });
    } finally {
      answer.body.on('error', () => undefined).destroy();
    }
  }
}

/** Statuses of a server that may do better later. */
const isPassing = (status: number) => status === 408 || status === 425 || status === 429 || status >= 500;

const nothingCame = (url: string) =>
  new AppError({
    code: 'network-failed',
    message: t('{host} sent less than was asked for.', { host: new URL(url).host }),
  });
