/** Owns a better-sqlite3 that runs here: the package's prebuild, or one compiled from the package's own source. */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cache, inProject } from './paths.mjs';
import { output, run } from './run.mjs';
import { say, SetupError } from './say.mjs';
import { installPackages } from './system.mjs';

/** The Node-API version that the prebuild asks for. */
const prebuildNodeApi = 10;
/** The first Electron whose Node has that version. */
const prebuildElectron = 36;
/** Raised when the way of compiling changes, so that older builds in the cache are not taken. */
const buildNumber = 2;
const source = (...parts) => inProject('node_modules', 'better-sqlite3', ...parts);

/** Puts a binary in place that loads in this Node and in the Electron at hand. */
export async function prepareSqlite(electronVersion) {
  const target = source('build', 'Release', 'better_sqlite3.node');
  const newEnough =
    Number(process.versions.napi) >= prebuildNodeApi &&
    Number.parseInt(electronVersion, 10) >= prebuildElectron;
  if (newEnough) {
    await rm(source('build'), { recursive: true, force: true });
    return;
  }
  if (existsSync(target)) return;
  const { version } = JSON.parse(await readFile(source('package.json'), 'utf8'));
  const built = cache('better-sqlite3', `${version}-${buildNumber}-${process.platform}-${process.arch}.node`);
  if (!existsSync(built)) await compile(built);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(built, target);
}

async function compile(target) {
  say('      compiling better-sqlite3 for this Node (a minute or two, once)');
  const { c, cxx } = await compilers();
  const work = `${target}.build`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const object = (name) => join(work, `${name}.o`);
  const common = ['-O3', '-fPIC', '-DNDEBUG', '-c'];
  const api = inProject('node_modules', 'node-api-headers', 'include');
  const addonApi = inProject('node_modules', 'node-addon-api');
  const sqlite = source('deps', 'sqlite3');
  const shim = inProject('scripts', 'lib', 'node-api-9.cc');
  const defines = await sqliteDefines();
  // Separate compilations; side by side where there are cores for it.
  const jobs = [
    () =>
      run(c, [...common, '-std=c99', '-w', ...defines, join(sqlite, 'sqlite3.c'), '-o', object('sqlite3')]),
    () =>
      run(cxx, [
        ...common,
        '-std=c++20',
        '-w',
        '-fvisibility=hidden',
        '-fvisibility-inlines-hidden',
        `-DNAPI_VERSION=${prebuildNodeApi}`,
        // These are the shim's; see there.
        '-Dnode_api_module_get_api_version_v1=unused_api_version',
        ...['create_reference', 'get_reference_value', 'delete_reference'].map(
          (name) => `-Dnapi_${name}=any_${name}`,
        ),
        '-DNAPI_DISABLE_CPP_EXCEPTIONS',
        '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
        ...[sqlite, api, addonApi].map((folder) => `-I${folder}`),
        source('src', 'better_sqlite3.cpp'),
        '-o',
        object('better_sqlite3'),
      ]),
    () => run(cxx, [...common, '-std=c++20', `-I${api}`, shim, '-o', object('node-api-9')]),
  ];
  const codes = await Promise.all(jobs.map((job) => job()));
  if (codes.some((code) => code !== 0))
    throw new SetupError('better-sqlite3 could not be compiled; the lines above say why.');
  const shared =
    process.platform === 'darwin'
      ? ['-bundle', '-undefined', 'dynamic_lookup']
      : ['-shared', '-Wl,-Bsymbolic', '-Wl,--exclude-libs,ALL'];
  const part = join(work, 'better_sqlite3.node');
  const linked = await run(cxx, [
    ...shared,
    object('better_sqlite3'),
    object('sqlite3'),
    object('node-api-9'),
    '-ldl',
    '-lm',
    '-o',
    part,
  ]);
  if (linked !== 0) throw new SetupError('better-sqlite3 could not be linked; the lines above say why.');
  const test = `new (require(${JSON.stringify(source())}))(':memory:', { nativeBinding: ${JSON.stringify(part)} }).exec('CREATE VIRTUAL TABLE t USING fts5(x)')`;
  if (output(process.execPath, ['-e', test]) === null)
    throw new SetupError('The compiled better-sqlite3 does not run here.');
  await rename(part, target);
  await rm(work, { recursive: true, force: true });
}

/** The settings of SQLite that the package's own build uses. */
async function sqliteDefines() {
  const listed = await readFile(source('deps', 'defines.gypi'), 'utf8');
  return [...listed.matchAll(/'((?:HAVE|SQLITE)_[^']+)'/g)].map(([, define]) => `-D${define}`);
}

async function compilers() {
  const find = () => {
    const c = output('sh', ['-c', 'command -v cc || command -v gcc || command -v clang'])?.trim();
    const cxx = output('sh', ['-c', 'command -v c++ || command -v g++ || command -v clang++'])?.trim();
    return c && cxx ? { c, cxx } : null;
  };
  if (process.platform === 'win32') {
    throw new SetupError(
      'This Node is too old for the database package on Windows. Install Node 22 or newer.',
    );
  }
  const found =
    find() ??
    (process.platform === 'linux' ? (await installPackages(['gcc', 'g++'], 'a C++ compiler'), find()) : null);
  if (!found)
    throw new SetupError('A C and C++ compiler is needed. Install one (macOS: xcode-select --install).');
  return found;
}
