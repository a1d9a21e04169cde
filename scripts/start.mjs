/** `npm start`: sets up whatever is missing, then opens the window. */
import { startApp } from './lib/launch.mjs';
import { main, say } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';

await main(async () => {
  const { electron, starter } = await setUp();
  say('Opening the window.');
  return startApp(electron, process.argv.slice(2), starter ? { ALTIPLANO_STARTER_MODEL: starter } : {});
});
