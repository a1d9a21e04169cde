/** Owns what an unpacked package must be: small enough, for one platform, with its fuses set, and able to answer. */
import { spawn } from 'node:child_process';
import {
  constants,
  cp,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { runnerImport } from 'vite';
import { parse } from 'yaml';
import { readFuses } from './fuses.mjs';
import { electronArguments, withDisplay } from './launch.mjs';
import { nativeTarget } from './native-files.mjs';
import { inProject } from './paths.mjs';

/** Megabytes of 1e6 bytes: what comes beside Electron, and all of it. */
const budget = { own: 165, whole: 420 };
/** All that the archive of the app holds at its root. */
const packed = ['node_modules', 'out', 'package.json', 'resources'];
const smokeTimeoutMs = 120_000;

/** Where electron-builder puts the app of this platform, and what of it carries the fuses. */
export function packagedApp() {
  const arch = process.arch === 'x64' ? '' : `-${process.arch}`;
  if (process.platform === 'darwin') {
    const root = inProject('dist', `mac${arch}`);
    const contents = join(root, 'Altiplano.app', 'Contents');
    const fused = join(contents, 'Frameworks', 'Electron Framework.framework', 'Electron Framework');
    const executable = join(contents, 'MacOS', 'Altiplano');
    return { root, resources: join(contents, 'Resources'), fused, executable };
  }
  const isWindows = process.platform === 'win32';
  const root = inProject('dist', `${isWindows ? 'win' : 'linux'}${arch}-unpacked`);
  const executable = join(root, isWindows ? 'Altiplano.exe' : 'altiplano');
  return { root, resources: join(root, 'resources'), fused: executable, executable };
}

/**
 * Looks at the package as it lies there.
 * @returns what was found, each with what was wanted and whether it is so
 */
export async function checkPackage({ root, resources, fused }) {
  const files = await filesIn(root);
  const megabytes = (list) => list.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  const own = megabytes(files.filter(({ path }) => !relative(resources, path).startsWith('..')));
  const whole = megabytes(files);
  const here = `${process.platform}-${process.arch}`;
  const foreign = [];
  for (const { path } of files) {
    const target = nativeTarget(await headOf(path));
    if (target !== null && target !== here) foreign.push(`${relative(root, path)} (${target})`);
  }
  const roots = await archiveRoots(join(resources, 'app.asar'));
  const others = roots.filter((name) => !packed.includes(name));
  const { electronFuses } = parse(await readFile(inProject('electron-builder.yml'), 'utf8'));
  const set = await readFuses(fused);
  const wrong = Object.entries(wantedFuses(electronFuses)).filter(([name, on]) => set[name] !== on);
  return [
    finding(
      'size of what comes beside Electron',
      `at most ${budget.own} MB`,
      `${own.toFixed(0)} MB`,
      own <= budget.own,
    ),
    finding('size of all', `at most ${budget.whole} MB`, `${whole.toFixed(0)} MB`, whole <= budget.whole),
    finding('native files for another platform', 'none', foreign.join(', ') || 'none', foreign.length === 0),
    finding(
      'sources, tests and the like in the archive',
      'none',
      others.join(', ') || 'none',
      others.length === 0,
    ),
    finding(
      'fuses as configured',
      'all',
      wrong.map(([name]) => `not ${name}`).join(', ') || 'all',
      wrong.length === 0,
    ),
  ];
}

const finding = (what, wanted, got, ok) => ({ what, wanted, got, ok });

/** electron-builder's names of the fuses, as scripts/lib/fuses.mjs names them; those that older Electrons lack are left out. */
const wantedFuses = (fuses) => ({
  runAsNode: fuses.runAsNode,
  cookieEncryption: fuses.enableCookieEncryption,
  nodeOptions: fuses.enableNodeOptionsEnvironmentVariable,
  nodeCliInspect: fuses.enableNodeCliInspectArguments,
  asarIntegrity: fuses.enableEmbeddedAsarIntegrityValidation,
  onlyLoadAppFromAsar: fuses.onlyLoadAppFromAsar,
  loadBrowserProcessSpecificV8Snapshot: fuses.loadBrowserProcessSpecificV8Snapshot,
});

/**
 * Starts the packaged app with a tiny model and a data folder of its own: it opens its database, loads, answers and ends.
 * From another place: below the project it would find there what the package lacks.
 */
export async function smokeTest({ root, executable }) {
  const home = await mkdtemp(join(tmpdir(), 'altiplano-smoke-'));
  try {
    const away = join(home, 'app');
    await cp(root, away, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
    const { module } = await runnerImport(inProject('tests', 'fixtures', 'random-llama.ts'));
    await mkdir(join(home, 'models'));
    const model = join(home, 'models', 'tiny.gguf');
    await module.writeRandomLlama(model, module.shapes.tiny);
    await writeFile(
      join(home, 'settings.json'),
      JSON.stringify({ welcomed: true, sampling: { max_new_tokens: 16, seed: 1 } }),
    );
    const { code, output } = await withDisplay((display) =>
      started(join(away, relative(root, executable)), {
        ...display,
        ALTIPLANO_HOME: home,
        ALTIPLANO_STARTER_MODEL: model,
      }),
    );
    const [, tokens] = /\{"tokens":(\d+)\}/.exec(output) ?? [];
    const ok = code === 0 && Number(tokens) > 0;
    const got = ok
      ? `answered in ${tokens} tokens, ended with 0`
      : `ended with ${code}: ${output.slice(-1500)}`;
    return finding('the packaged app tries itself out (--smoke-test)', 'an answer, and 0', got, ok);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function started(executable, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, ['--smoke-test', ...electronArguments()], {
      ...{ env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
      ...{ timeout: smokeTimeoutMs, killSignal: 'SIGKILL' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? signal, output }));
  });
}

/** The names at the root of an archive: after four lengths of 4 bytes its index as JSON (the format of `asar`). */
async function archiveRoots(path) {
  const file = await open(path);
  try {
    const lengths = Buffer.alloc(16);
    await file.read(lengths, 0, 16, 0);
    const index = Buffer.alloc(lengths.readUInt32LE(12));
    await file.read(index, 0, index.length, 16);
    return Object.keys(JSON.parse(index.toString('utf8')).files);
  } finally {
    await file.close();
  }
}

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (path) => ({ path, bytes: (await stat(path)).size })));
}

async function headOf(path) {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
