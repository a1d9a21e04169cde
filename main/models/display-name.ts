/** Owns the name of a model as people see it. */
import { basename } from 'node:path';

/** The file name without its ending: it says more than most names inside files, as size and quantisation. */
export function displayName(path: string): string {
  return basename(path).replace(/\.gguf$/i, '');
}
