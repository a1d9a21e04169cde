/** Owns node_modules: installed exactly as the lockfile says, once for each lockfile. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { inProject } from './paths.mjs';
import { run } from './run.mjs';
import { SetupError } from './say.mjs';

const stamp = inProject('node_modules', '.altiplano-stamp');

async function wanted() {
  return createHash('sha256')
    .update(await readFile(inProject('package-lock.json')))
    .digest('hex');
}

export async function packagesReady() {
  return (await readFile(stamp, 'utf8').catch(() => '')) === (await wanted());
}

/** Install scripts stay off: they would compile or download what the next steps prepare in their own way. */
export async function installNodePackages() {
  if ((await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])) !== 0) {
    throw new SetupError('The packages could not be installed. Check the network and run the command again.');
  }
  await writeFile(stamp, await wanted());
}
