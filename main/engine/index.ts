/** Entry of the engine process: ties the server to its port; a fault ends the process, and main starts another. */
import type { MessagePortMain } from 'electron';
import { speakAsMain } from '../app/child-speech.js';
import { EngineServer } from './server.js';
import { StateFiles } from './state-files.js';

void speakAsMain();

/** Kept here: a port that nothing refers to is closed by the garbage collector. */
let page: MessagePortMain | null = null;

const [statesFolder = ''] = process.argv.slice(2);
const fail = (error: unknown) => {
  console.error('[engine]', error);
  process.exit(1);
};
const server = new EngineServer(
  {
    post: (message) => process.parentPort.postMessage(message),
    frame: (frame) => page?.postMessage(frame),
    gpuLost: fail,
  },
  new StateFiles(statesFolder),
);
// Electron versions differ in what an unhandled rejection does; here it always ends the process.
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

process.parentPort.on('message', ({ data, ports }) => {
  const [port] = ports;
  if (port !== undefined) {
    page?.close();
    page = port;
    page.start();
  }
  server.receive(data);
});
process.parentPort.postMessage({ type: 'ready' });
