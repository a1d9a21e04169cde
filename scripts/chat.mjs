/** `npm run chat -- …`: a reply of a model on standard output, without a window, by the app's own engine code. */
import { spawn } from 'node:child_process';
import { buildBundles, bundlesReady } from './lib/bundles.mjs';
import { installNodePackages, packagesReady } from './lib/packages.mjs';
import { inProject } from './lib/paths.mjs';
import { main } from './lib/say.mjs';
import { checkNode } from './lib/setup.mjs';

await main(async () => {
  checkNode();
  if (!(await packagesReady())) await installNodePackages();
  if (!(await bundlesReady())) await buildBundles();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [inProject('out/main/chat.js'), ...process.argv.slice(2)], {
      stdio: 'inherit',
      // As the app starts its engine; see main/engine/host.ts.
      env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
});
