/** Owns running a bundle of the app that needs no window; sets up what it needs first. */
import { spawn } from 'node:child_process';
import { buildBundles, bundlesReady } from './bundles.mjs';
import { installNodePackages, packagesReady } from './packages.mjs';
import { inProject } from './paths.mjs';
import { checkNode } from './setup.mjs';

/** @returns its exit code */
export async function runProgram(bundle) {
  checkNode();
  if (!(await packagesReady())) await installNodePackages();
  if (!(await bundlesReady())) await buildBundles();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [inProject(bundle), ...process.argv.slice(2)], {
      stdio: 'inherit',
      // As the app starts its engine; see main/engine/host.ts.
      env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
