import type { Bridge } from '../preload/contract/index.js';

declare global {
  interface Window {
    readonly altiplano: Bridge;
  }
}
