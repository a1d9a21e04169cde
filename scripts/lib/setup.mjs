/** Owns the order of the set-up: packages, Electron, system, database package, starter model, bundles; each step once. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildBundles, bundlesReady } from './bundles.mjs';
import { installNodePackages, packagesReady } from './packages.mjs';
import { say, SetupError } from './say.mjs';

const oldestNode = [20, 19];

/**
 * Makes everything ready to start the app.
 * @returns the Electron at hand and the path of the starter model (null when none can be had)
 */
export async function setUp() {
  checkNode();
  await step(1, 'Packages', async () => {
    if (await packagesReady()) return 'ready';
    say('      installing (some hundred megabytes on a fresh machine)');
    await installNodePackages();
    return 'installed';
  });
  // These need packages, or are only of use with them.
  const { findElectron } = await import('./electron.mjs');
  const { prepareSystem } = await import('./system.mjs');
  const { prepareSqlite } = await import('./sqlite.mjs');
  const { placeNativeEngine } = await import('./native-engine.mjs');
  const { findStarter } = await import('./starter.mjs');
  let electron;
  await step(2, 'Electron', async () => {
    electron = await findElectron();
    return `${await electronVersion(electron)}${electron.fallback ? ', for development and tests' : ''}`;
  });
  await step(3, 'System libraries', async () => prepareSystem(electron.executable));
  await step(4, 'Database package', async () => prepareSqlite(await electronVersion(electron)));
  await placeNativeEngine();
  let starter = null;
  await step(5, 'Starter model', async () => (starter = await findStarter()) ?? 'missing');
  await step(6, 'Bundles', async () => {
    if (await bundlesReady()) return 'ready';
    await buildBundles();
    return 'built';
  });
  return { electron, starter };
}

async function step(number, name, work) {
  const startedMs = Date.now();
  say(`[${number}/6] ${name}`);
  const result = (await work()) ?? 'ready';
  const seconds = (Date.now() - startedMs) / 1000;
  say(`      ${result}${seconds >= 1 ? ` (${seconds.toFixed(0)} s)` : ''}`);
}

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new SetupError(`Node ${oldestNode.join('.')} or newer is needed; this is ${process.versions.node}.`);
}

/** Electron writes its version beside its executable. */
export async function electronVersion({ folder }) {
  return (await readFile(join(folder, 'version'), 'utf8').catch(() => '0')).trim().replace(/^v/, '');
}
