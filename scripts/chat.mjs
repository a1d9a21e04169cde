/** `npm run chat -- …`: a reply of a model on standard output, without a window, by the app's own engine code. */
import { runProgram } from './lib/program.mjs';
import { main } from './lib/say.mjs';

await main(() => runProgram('out/main/chat.js'));
