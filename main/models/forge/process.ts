/** Owns starting the forge's process; never what is done in it. */
import { utilityProcess } from 'electron';
import type { ForgeProcess, ForgeProcessEvents } from './queue.js';

const stderrLines = 30;

/** @param entry the bundle of the process */
export function startForgeProcess(entry: string, events: ForgeProcessEvents): ForgeProcess {
  const child = utilityProcess.fork(entry, [], {
    serviceName: 'Altiplano forge',
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let stderr: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = [...stderr, ...text.split('\n').filter((line) => line.trim() !== '')].slice(-stderrLines);
  });
  child.on('message', (message: unknown) => events.message(message));
  // eslint-disable-next-line altiplano/no-loose-text -- evidence for a report
  child.on('exit', (code) => events.exit([`exit code ${code}`, ...stderr].join('\n')));
  return {
    send: (request) => child.postMessage(request),
    kill: () => void child.kill(),
  };
}
