/** Names each package whose licence does not allow what is done with it. A part of `npm run check`. */
import { readFile } from 'node:fs/promises';
import { licenceProblems } from './lib/licences.mjs';
import { inProject } from './lib/paths.mjs';
import { main, say } from './lib/say.mjs';

await main(async () => {
  const lock = JSON.parse(await readFile(inProject('package-lock.json'), 'utf8'));
  const problems = licenceProblems(lock);
  for (const problem of problems) say(problem);
  return problems.length === 0 ? 0 : 1;
});
