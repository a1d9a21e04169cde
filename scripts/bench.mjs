/** `npm run bench -- NAME [--json]`: runs one of the benches in tests/bench/. */
import { readdir } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { withDisplay } from './lib/launch.mjs';
import { inProject } from './lib/paths.mjs';
import { main, SetupError } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';

await main(async () => {
  const [name, ...args] = process.argv.slice(2);
  const names = (await readdir(inProject('tests', 'bench')))
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => file.replace('.mjs', ''));
  if (!names.includes(name))
    throw new SetupError(`Name a bench: npm run bench -- ${names.join(' | ')} [--json]`);
  const { electron, starter } = await setUp();
  const { bench } = await import(pathToFileURL(inProject('tests', 'bench', `${name}.mjs`)).href);
  return withDisplay((display) =>
    bench({ electron, starter, args, json: args.includes('--json'), env: { ...process.env, ...display } }),
  );
});
