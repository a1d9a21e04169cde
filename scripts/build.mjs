/** `npm run build`: makes the bundles in out/. */
import { buildBundles } from './lib/bundles.mjs';
import { installNodePackages, packagesReady } from './lib/packages.mjs';
import { main } from './lib/say.mjs';

await main(async () => {
  if (!(await packagesReady())) await installNodePackages();
  await buildBundles();
});
