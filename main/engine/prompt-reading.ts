/** Owns reading a prompt into the KV cache: only what is new of it, in pieces, so that it can be stopped; never picks a token. */
import type { Token } from 'node-llama-cpp';
import type { Batch } from '../../preload/contract/chats.js';
import type { EngineModel } from './model.js';

export type ReadingOptions = {
  /** Evaluates all of it anew, in these batches and with their threads, and not what is new in pieces. */
  readonly batches: readonly Batch[] | null;
  /** Nothing of it may reach the disk. */
  readonly isIncognito?: boolean;
  readonly onProgress: (done: number) => void;
  readonly signal: AbortSignal;
};

/** Tokens that needed no evaluation, where they were, and how long the others took. */
export type Reading = {
  readonly reused: number;
  readonly from: 'memory' | 'disk';
  readonly elapsedMs: number;
};

/** @returns null when it was stopped */
export async function readPrompt(
  engine: EngineModel,
  tokens: readonly Token[],
  { batches, isIncognito = false, onProgress, signal }: ReadingOptions,
): Promise<Reading | null> {
  const { sequence, batchLog, states } = engine;
  await states?.begin(isIncognito);
  if (batches !== null && fits(batches, tokens.length, engine.info.contextSize)) {
    await states?.save();
    const startedMs = performance.now();
    const done = await readInBatches(engine, tokens, batches, onProgress, signal);
    return done ? { reused: 0, from: 'memory', elapsedMs: performance.now() - startedMs } : null;
  }
  const from = (await states?.prepare(tokens)) ?? 'memory';
  // Exact prefix only: the default would shift cached tokens to other places.
  await sequence.adaptStateToTokens([...tokens], false);
  const reused = sequence.nextTokenIndex;
  batchLog.cut(reused);
  const startedMs = performance.now();
  for (let at = reused; at < tokens.length;) {
    if (signal.aborted) return null;
    const piece = tokens.slice(at, at + engine.pieceSize);
    await evaluate(engine, piece);
    at += piece.length;
    onProgress(at);
  }
  return signal.aborted ? null : { reused, from, elapsedMs: performance.now() - startedMs };
}

/** Evaluates tokens behind those that are there. */
async function evaluate(
  { sequence, compute, batchLog }: EngineModel,
  piece: readonly Token[],
  threads?: number,
): Promise<void> {
  await compute.read(piece.length, () => sequence.evaluateWithoutGeneratingNewTokens([...piece]), threads);
  batchLog.add(piece.length);
}

async function readInBatches(
  engine: EngineModel,
  tokens: readonly Token[],
  batches: readonly Batch[],
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const { sequence, batchLog } = engine;
  await sequence.clearHistory();
  batchLog.cut(0);
  let at = 0;
  for (const [kept, size, times, threads] of batches) {
    for (let time = 0; time < times; time++) {
      if (signal.aborted) return false;
      const piece = tokens.slice(at, at + kept);
      at += kept;
      // Of a batch that was cut only its size matters; what stood in its end can't be seen from before.
      await evaluate(engine, [...piece, ...Array<Token>(size - kept).fill(tokens[0]!)], threads);
      if (size > kept) {
        await sequence.adaptStateToTokens(tokens.slice(0, at), false);
        batchLog.cut(at);
      }
      onProgress(at);
    }
  }
  return true;
}

function fits(batches: readonly Batch[], length: number, contextSize: number): boolean {
  const total = batches.reduce((sum, [kept, , times]) => sum + kept * times, 0);
  const room = batches.every(([kept, size]) => size >= kept && total - kept + size < contextSize);
  return total === length && room;
}
