/** `npm run app -- ARGS`: starts the built app as it is, without looking for changes. */
import { existsSync } from 'node:fs';
import { findElectron } from './lib/electron.mjs';
import { startApp } from './lib/launch.mjs';
import { inProject } from './lib/paths.mjs';
import { main, SetupError } from './lib/say.mjs';

await main(async () => {
  if (!existsSync(inProject('out/main/index.js')))
    throw new SetupError('Nothing is built yet. Run: npm run build');
  return startApp(await findElectron(), process.argv.slice(2));
});
