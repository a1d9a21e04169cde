/** Owns cutting the body of an answer into blocks; never where they go. */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import type { HttpAnswer } from '../../net/http.js';
import { blockBytes } from './blocks.js';
import type { PartFile } from './part-file.js';

export type BodySink = {
  /** The first block that is not wanted any more. */
  readonly endBlock: number;
  /** Blocks that are not wanted are read over. */
  wants(index: number): boolean;
  /** Waits as long as the speed limit asks for. */
  pass(sizeBytes: number): Promise<void>;
  /** Bytes that came and are not stored; negative when they were stored or lost. */
  received(sizeBytes: number): void;
  store(index: number, block: Buffer): Promise<void>;
};

/**
 * Reads a body to its end, or to the last block that is wanted. Two buffers: one fills while the other is stored.
 * @param startBlock where the body begins
 * @throws what `store` throws; AppError `network-failed` or `cancelled`
 */
export async function storeBody(
  answer: HttpAnswer,
  part: PartFile,
  startBlock: number,
  sink: BodySink,
): Promise<void> {
  let [filling, other] = [Buffer.allocUnsafe(blockBytes), Buffer.allocUnsafe(blockBytes)];
  let index = startBlock;
  let filled = 0;
  let storing: Promise<void> = Promise.resolve();
  const flush = async () => {
    await storing;
    const block = filling.subarray(0, filled);
    [filling, other] = [other, filling];
    filled = 0;
    if (sink.wants(index)) {
      storing = sink.store(index, block).finally(() => sink.received(-block.length));
      // It is awaited before the next block; till then nobody looks at a failure.
      storing.catch(() => undefined);
    } else sink.received(-block.length);
    index++;
  };
  try {
    for await (const piece of answer.body as AsyncIterable<Buffer>) {
      await sink.pass(piece.length);
      for (let at = 0; at < piece.length && index < sink.endBlock;) {
        const length = Math.min(part.lengthOf(index) - filled, piece.length - at);
        piece.copy(filling, filled, at, at + length);
        sink.received(length);
        filled += length;
        at += length;
        if (filled === part.lengthOf(index)) await flush();
      }
      if (index >= sink.endBlock) break;
    }
    if (part.sizeBytes === null) {
      // Only its end tells how long such a file is.
      const sizeBytes = index * blockBytes + filled;
      if (sizeBytes === 0) throw new AppError({ code: 'download-damaged', message: t('The file is empty.') });
      part.endsAt(sizeBytes);
      if (filled > 0) await flush();
    }
    await storing;
  } catch (thrown) {
    throw answer.failure(thrown);
  } finally {
    sink.received(-filled);
    await storing.catch(() => undefined);
  }
}
