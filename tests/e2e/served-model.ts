/** Owns starting `npm run serve` for a test: the API for a real model, in a process without a window. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { starterModel } from './fixtures.js';

export type ServedModel = { readonly baseURL: string; readonly apiKey: string; stop(): Promise<unknown> };

/** Of the starter model, on a port that is free. */
export async function serveModel(): Promise<ServedModel> {
  const program = fileURLToPath(new URL('../../out/main/serve.js', import.meta.url));
  const args = ['--model', starterModel(), '--port', '0', '--context', '1024'];
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  for await (const piece of child.stdout) {
    said += String(piece);
    if (said.includes('\n')) break;
  }
  const [, baseURL = '', apiKey = ''] = /at (\S+) with the key (\S+)/.exec(said) ?? [];
  return {
    ...{ baseURL, apiKey },
    stop: () => {
      child.kill('SIGTERM');
      return once(child, 'exit');
    },
  };
}
