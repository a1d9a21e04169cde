/** Owns how many cores are busy with other programs; never what follows from it. */
import { cpus } from 'node:os';

/** A shorter time can't be told: systems count in steps of some ten milliseconds. */
const shortestMs = 200;

type Reading = { readonly atMs: number; readonly busyMs: number; readonly ownMs: number };

/** @returns asks for the cores in use by others since the last answer, on average; null when that was too short ago */
export function watchOthers(read: () => Reading = readNow): () => number | null {
  let last = read();
  return () => {
    const now = read();
    const elapsedMs = now.atMs - last.atMs;
    if (elapsedMs < shortestMs) return null;
    const othersMs = now.busyMs - last.busyMs - (now.ownMs - last.ownMs);
    last = now;
    return Math.max(0, othersMs / elapsedMs);
  };
}

function readNow(): Reading {
  const busyMs = cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
  const { user, system } = process.cpuUsage();
  return { atMs: performance.now(), busyMs, ownMs: (user + system) / 1000 };
}
