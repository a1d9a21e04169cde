/** Owns the way to the thread that hashes downloads: starts it when it is first needed; never what is hashed. */
import { Worker } from 'node:worker_threads';
import { AppError, type ErrorData } from '../../../preload/contract/errors.js';
import type { BlockHashes, HashRequest } from './block-hashes.js';

/** As `BlockHashes.answer`. */
export type AskHashes = BlockHashes['answer'];

export type HashQuestion = { readonly seq: number; readonly request: HashRequest };
export type HashAnswer =
  | { readonly seq: number; readonly value: number | string | null }
  | { readonly seq: number; readonly error: ErrorData };

/** @param entry path of the bundled `hash-worker.ts` */
export function hashThread(entry: string): AskHashes {
  const waiting = new Map<
    number,
    { resolve: (value: number | string | null) => void; reject: (error: unknown) => void }
  >();
  let worker: Worker | null = null;
  let lastSeq = 0;
  const start = () => {
    const started = new Worker(entry);
    worker = started;
    started.on('message', (answer: HashAnswer) => {
      const call = waiting.get(answer.seq);
      waiting.delete(answer.seq);
      if ('error' in answer) call?.reject(new AppError(answer.error));
      else call?.resolve(answer.value);
    });
    started.on('error', (thrown) => {
      worker = null;
      for (const { reject } of waiting.values()) reject(thrown);
      waiting.clear();
    });
    return started;
  };
  return (request) =>
    new Promise((resolve, reject) => {
      const seq = ++lastSeq;
      waiting.set(seq, { resolve, reject });
      (worker ?? start()).postMessage({ seq, request } satisfies HashQuestion);
    });
}
