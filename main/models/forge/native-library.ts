/** Owns finding the libraries of llama.cpp that node-llama-cpp ships for this machine; never loads one. */
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const platforms: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'mac', win32: 'win' };

/**
 * @param name without what its system puts around it: `llama`, `ggml-base`
 * @throws Error where the package for this machine is not installed
 */
export function nativeLibrary(name: 'llama' | 'ggml-base'): string {
  const machine = `${platforms[process.platform] ?? process.platform}-${process.arch}`;
  const wanted = new RegExp(`^(lib)?${name}(\\.v[\\d.]+)?\\.(so|dylib|dll)$`);
  for (const build of [machine, `${machine}-metal`]) {
    const folder = binaries(build);
    const file = folder === null ? undefined : readdirSync(folder).find((entry) => wanted.test(entry));
    if (file !== undefined) return join(folder!, file);
  }
  throw new Error(`no library of llama.cpp for ${machine} is installed`);
}

/** The system loads libraries from the disk, not out of the archive that the app is packed in. */
function binaries(build: string): string | null {
  try {
    const entry = createRequire(import.meta.url).resolve(`@node-llama-cpp/${build}`);
    const unpacked = dirname(entry).replace(/\bapp\.asar(?!\.unpacked)/, 'app.asar.unpacked');
    const folder = join(unpacked, '..', 'bins', build);
    return existsSync(folder) ? folder : null;
  } catch {
    return null;
  }
}
