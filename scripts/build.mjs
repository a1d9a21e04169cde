/** `npm run build`: makes the bundles in out/. */
import { buildBundles } from './lib/bundles.mjs';
import { packagesReady } from './lib/packages.mjs';
import { main } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';

await main(async () => {
  // Packages that are installed anew lack what the set-up adds to them.
  if (!(await packagesReady())) await setUp();
  else await buildBundles();
});
