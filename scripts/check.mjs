/** `npm run check`: types, lint, format and unused code. */
import { checks } from './lib/checks.mjs';
import { run } from './lib/run.mjs';
import { main, say } from './lib/say.mjs';

await main(async () => {
  let failed = 0;
  for (const { name, args } of checks) {
    say(`— ${name}`);
    if ((await run(process.execPath, args)) !== 0) failed++;
  }
  return failed === 0 ? 0 : 1;
});
