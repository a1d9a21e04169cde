/** Owns out/: built again when a source is newer than the last build, and only then. */
import { existsSync } from 'node:fs';
import { readdir, stat, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inProject } from './paths.mjs';
import { run } from './run.mjs';
import { SetupError } from './say.mjs';

const stamp = inProject('out', 'built');
const sources = ['main', 'preload', 'renderer', 'resources', 'package.json', 'package-lock.json'];

export async function bundlesReady() {
  if (!existsSync(stamp)) return false;
  const { mtimeMs } = await stat(stamp);
  return (await Promise.all(sources.map((name) => newest(inProject(name))))).every((time) => time <= mtimeMs);
}

async function newest(path) {
  const info = await stat(path);
  if (!info.isDirectory()) return info.mtimeMs;
  const times = (await readdir(path)).map((name) => newest(join(path, name)));
  return Math.max(info.mtimeMs, ...(await Promise.all(times)));
}

export async function buildBundles() {
  for (const part of ['preload', 'main', 'renderer']) {
    const code = await run(process.execPath, [
      inProject('node_modules', 'vite', 'bin', 'vite.js'),
      'build',
      '--config',
      inProject(part, 'vite.config.ts'),
      '--logLevel',
      'warn',
    ]);
    if (code !== 0) throw new SetupError(`${part}/ could not be built; the lines above say why.`);
  }
  await mkdir(inProject('out'), { recursive: true });
  await writeFile(stamp, '');
}
