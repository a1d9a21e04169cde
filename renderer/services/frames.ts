/** Owns the ways on which text comes, the engine's port and what main tells of servers: hands their frames on once per animation frame, in order. */
import type { Frame } from '../../preload/contract/engine.js';
import { portMessage } from '../../preload/contract/names.js';
import { on } from './api.js';

/** Starts to listen; must be called before main is told that the page is interactive, since the port comes then. */
export function listenToFrames(apply: (frames: readonly Frame[]) => void): void {
  let port: MessagePort | null = null;
  let waiting: Frame[] = [];
  const flush = () => {
    const frames = waiting;
    waiting = [];
    apply(frames);
  };
  const take = (frame: Frame) => {
    if (waiting.push(frame) === 1) requestAnimationFrame(flush);
  };
  on('runs.frame', take);
  window.addEventListener('message', (event) => {
    if (event.source !== window || event.data !== portMessage) return;
    port?.close();
    port = event.ports[0] ?? null;
    if (port === null) return;
    port.onmessage = (message: MessageEvent<Frame>) => take(message.data);
  });
}

/** Resolves after the next frame has been painted. A window that is not shown paints none: then soon. */
export const painted = (): Promise<void> =>
  new Promise((resolve) => {
    const soon = setTimeout(resolve, 100);
    requestAnimationFrame(() => {
      clearTimeout(soon);
      setTimeout(resolve);
    });
  });
