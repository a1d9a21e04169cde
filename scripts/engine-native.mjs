/** `npm run engine:native [-- --remove]`: compiles the engine for this machine; the app uses it from then on. */
import { buildNativeEngine, removeNativeEngine } from './lib/native-engine.mjs';
import { installNodePackages, packagesReady } from './lib/packages.mjs';
import { main, say } from './lib/say.mjs';
import { checkNode } from './lib/setup.mjs';

await main(async () => {
  checkNode();
  if (!(await packagesReady())) await installNodePackages();
  if (process.argv.includes('--remove')) {
    await removeNativeEngine();
    say('The prebuilt engine is in use again.');
    return;
  }
  const bench = await buildNativeEngine();
  say(`Done. The app uses this engine from its next start on; measure it by\n
    LLAMA_BENCH=${bench} npm run bench -- engine`);
});
