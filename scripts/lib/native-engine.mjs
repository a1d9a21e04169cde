/** Owns an engine compiled for this very machine, from the source in the node-llama-cpp package; the prebuilt one works without it. */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cache, inProject } from './paths.mjs';
import { hasProgram, output, run } from './run.mjs';
import { say, SetupError } from './say.mjs';
import { installPackages } from './system.mjs';

const library = (...parts) => inProject('node_modules', 'node-llama-cpp', ...parts);
const platform = `${{ darwin: 'mac', win32: 'win' }[process.platform] ?? process.platform}-${process.arch}`;
/** Where the library looks for a build of one's own before it takes a prebuilt one. */
const place = library('llama', 'localBuilds', platform);

/** The build for this release of the library, which is kept outside node_modules. */
async function builtFolder() {
  const { version } = JSON.parse(await readFile(library('package.json'), 'utf8'));
  return cache('engine', `${version}-${platform}`);
}

/** True when the app takes a build of one's own. */
export const nativeEngineInUse = () => existsSync(join(place, 'buildDone.status'));

/** Puts a finished build, if there is one, where the library finds it. */
export async function placeNativeEngine(from, to = place) {
  const built = from ?? (await builtFolder());
  const isDone = (folder) => existsSync(join(folder, 'buildDone.status'));
  if (!isDone(built) || isDone(to)) return;
  await rm(to, { recursive: true, force: true });
  await cp(built, to, { recursive: true });
}

/** Goes back to the prebuilt engine. */
export async function removeNativeEngine() {
  for (const folder of [place, await builtFolder()]) await rm(folder, { recursive: true, force: true });
}

/**
 * Compiles the engine with OpenMP and for this processor, and a llama-bench of the same source to measure it by.
 * @returns the path of the llama-bench
 */
export async function buildNativeEngine() {
  await prepareTools();
  const built = await builtFolder();
  const work = `${built}.build`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  say('Unpacking the source');
  await cp(library('llama'), work, {
    recursive: true,
    filter: (path) => !path.startsWith(library('llama', 'localBuilds')),
  });
  await step('git', ['clone', '--quiet', library('llama', 'gitRelease.bundle'), join(work, 'llama.cpp')]);
  for (const patch of await readdir(join(work, 'patches')))
    await step('git', ['-C', join(work, 'llama.cpp'), 'apply', join(work, 'patches', patch)]);
  say('Compiling (about ten minutes on two cores, once)');
  const { tag } = JSON.parse(await readFile(library('llama', 'llama.cpp.info.json'), 'utf8'));
  const options = {
    CMAKE_BUILD_TYPE: 'Release',
    // Headers of the Node-API, which is all that the addon needs of Node.
    CMAKE_JS_INC: inProject('node_modules', 'node-api-headers', 'include'),
    NLC_CURRENT_PLATFORM: platform,
    NLC_TARGET_PLATFORM: platform,
    NLC_VARIANT: tag,
    GGML_OPENMP: 'ON',
    GGML_NATIVE: 'ON',
    GGML_METAL: process.platform === 'darwin' ? 'ON' : 'OFF',
    GGML_CCACHE: 'OFF',
    LLAMA_BUILD_TOOLS: 'ON',
    LLAMA_BUILD_SERVER: 'OFF',
    LLAMA_CURL: 'OFF',
    LLAMA_OPENSSL: 'OFF',
    ...(process.platform === 'darwin' ? { CMAKE_SHARED_LINKER_FLAGS: '-undefined dynamic_lookup' } : {}),
  };
  const defines = Object.entries(options).map(([name, value]) => `-D${name}=${value}`);
  // The build file of the addon asks Node for one more package.
  const env = { NODE_PATH: inProject('node_modules') };
  const tree = join(work, 'build');
  await step('cmake', ['-S', work, '-B', tree, ...defines], { env });
  const jobs = String(availableParallelism());
  const targets = ['llama-addon', 'llama-bench'];
  await step('cmake', ['--build', tree, '--config', 'Release', '-j', jobs, '--target', ...targets], { env });
  await collect(tree, work, tag);
  await rm(built, { recursive: true, force: true });
  await rename(join(work, 'done'), built);
  await rm(work, { recursive: true, force: true });
  await rm(place, { recursive: true, force: true });
  await placeNativeEngine();
  return join(built, 'Release', 'llama-bench');
}

/** Lays the results out as the library expects them of its own builds. */
async function collect(tree, work, release) {
  const target = join(work, 'done', 'Release');
  await mkdir(target, { recursive: true });
  for (const folder of ['', 'bin', 'llama.cpp/bin']) {
    const names = await readdir(join(tree, folder)).catch(() => []);
    for (const name of names.filter((file) => /\.(node|so|dylib)$|\.so\.\d/.test(file)))
      await cp(join(tree, folder, name), join(target, name), { verbatimSymlinks: true });
  }
  const bench = output('find', [tree, '-type', 'f', '-name', 'llama-bench'])?.trim().split('\n')[0];
  await cp(bench, join(target, 'llama-bench'));
  const [os, arch] = platform.split('-');
  const buildOptions = {
    ...{ customCmakeOptions: {}, progressLogs: false, platform: os, platformInfo: { name: '', version: '' } },
    ...{ arch, gpu: false, llamaCpp: { repo: 'ggml-org/llama.cpp', release } },
  };
  await writeFile(join(target, '_nlcBuildMetadata.json'), JSON.stringify({ buildOptions }));
  await writeFile(join(work, 'done', 'buildDone.status'), '');
}

async function prepareTools() {
  if (process.platform === 'win32')
    throw new SetupError('On Windows the engine can’t be compiled this way; the prebuilt one is in use.');
  const missing = Object.entries({ cmake: 'cmake', git: 'git', make: 'make', 'c++': 'g++' })
    .filter(([program]) => !hasProgram(program))
    .map(([, name]) => name);
  if (missing.length === 0) return;
  if (process.platform !== 'linux')
    throw new SetupError(`Install ${missing.join(', ')} and run the command again.`);
  await installPackages(missing, 'Compiling the engine');
}

async function step(command, args, options) {
  if ((await run(command, args, options)) !== 0)
    throw new SetupError(`${command} failed; the lines above say why. The prebuilt engine stays in use.`);
}
