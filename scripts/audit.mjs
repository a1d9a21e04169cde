/** `npm run audit`: known weaknesses of the packages, as the registry tells them; where it does not answer, that is said. */
import { spawnSync } from 'node:child_process';
import { project } from './lib/paths.mjs';
import { main, say } from './lib/say.mjs';
import { auditOutcome } from './lib/audit-outcome.mjs';

await main(async () => {
  // It exits with 1 where it has found something.
  const { stdout } = spawnSync('npm', ['audit', '--json'], {
    ...{ cwd: project, encoding: 'utf8', shell: process.platform === 'win32', timeout: 60_000 },
  });
  const { text, failed } = auditOutcome(stdout);
  say(text);
  return failed ? 1 : 0;
});
