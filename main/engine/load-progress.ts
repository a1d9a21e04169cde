/** Owns which news of a load's progress is told on; never what progress is. */
import type { LoadProgress } from '../../preload/contract/engine.js';

/**
 * Tells on each whole percent once. llama.cpp's own news comes from another thread, and some of it after the end of
 * the load is known: what lies behind is dropped.
 */
export function forwardOnly(tell: (at: LoadProgress) => void): (at: LoadProgress) => void {
  let last: { readonly percent: number; readonly onGpu: boolean } | null = null;
  return (at) => {
    const percent = Math.floor(at.progress * 100);
    if (last !== null && last.onGpu === at.onGpu && percent <= last.percent) return;
    last = { percent, onGpu: at.onGpu };
    tell(at);
  };
}
