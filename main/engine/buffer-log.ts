/** Owns what llama.cpp says of the buffers it took for a model and its context; never estimates. */
import { setTimeout as delay } from 'node:timers/promises';
import type { MemoryUse } from '../../preload/contract/fit.js';

const line = /:\s+(\S+)\s+(model|KV|RS|compute) buffer size =\s+([\d.]+) MiB/;
/** Buffers of the machine's memory: `CPU`, `CPU_REPACK`, `CPU_Mapped`, and pinned ones as `CUDA_Host`. */
const inRam = /^(CPU|BLAS)|_Host$/;

export class BufferLog {
  #use = noUse();

  /** @param message a line of llama.cpp's log, whatever it is about */
  read(message: string): void {
    const [, buffer, part, mebibytes] = line.exec(message) ?? [];
    if (buffer === undefined || part === undefined) return;
    const bytes = Number(mebibytes) * 2 ** 20;
    if (!inRam.test(buffer)) this.#use.vramBytes += bytes;
    if (part === 'model') this.#use.weightsBytes += bytes;
    else if (part !== 'compute') this.#use.kvBytes += bytes;
    // Each device has its own for the same work.
    else this.#use.computeBytes = Math.max(this.#use.computeBytes, bytes);
  }

  /**
   * What a load took, once its last buffer was heard of: the log comes from another thread, and may come after the load
   * itself is known to be done. Waits half a second at most: a release that says nothing of buffers loads as well.
   */
  async takeWhole(): Promise<MemoryUse> {
    for (let waits = 0; this.#use.computeBytes === 0 && waits < 50; waits++) await delay(10);
    return this.take();
  }

  /** What was read since it was taken last. */
  take(): MemoryUse {
    const use = this.#use;
    this.#use = noUse();
    return use;
  }
}

function noUse(): MemoryUse {
  return { weightsBytes: 0, kvBytes: 0, computeBytes: 0, vramBytes: 0 };
}
