/** `npm run package`: an unpacked distributable in dist/, from the Electron at hand. */
import { rm } from 'node:fs/promises';
import { inProject } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { main, say } from './lib/say.mjs';
import { electronVersion, setUp } from './lib/setup.mjs';

await main(async () => {
  const { electron } = await setUp();
  if (electron.fallback) {
    say(
      'This Electron is for development and tests: the result is good for trying it out, and must not be given away.',
    );
  }
  const output = inProject('dist');
  await rm(output, { recursive: true, force: true });
  const code = await run(process.execPath, [
    inProject('node_modules/electron-builder/cli.js'),
    '--dir',
    '--publish=never',
    `-c.electronDist=${electron.folder}`,
    `-c.electronVersion=${await electronVersion(electron)}`,
  ]);
  // What stands in for Electron's default app came along with the fallback.
  await rm(inProject('dist', 'linux-unpacked', 'resources', 'app'), { recursive: true, force: true });
  return code;
});
