/** `npm run serve -- …`: the local API for one model, without a window, by the app's own engine code. */
import { runProgram } from './lib/program.mjs';
import { main } from './lib/say.mjs';

await main(() => runProgram('out/main/serve.js'));
