/** Owns the name of a model as people see it. */
import { basename, dirname } from 'node:path';

/**
 * The file name without its ending and its number among parts: it says more than most names inside files, as size and
 * quantisation. Where each model is a `model.gguf` in a folder of its own, the folder's name.
 */
export function displayName(path: string): string {
  const name = basename(path)
    .replace(/\.gguf$/i, '')
    .replace(/-\d{5}-of-\d{5}$/, '');
  return name.toLowerCase() === 'model' ? basename(dirname(path)) || name : name;
}
