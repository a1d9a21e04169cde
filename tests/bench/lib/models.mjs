/** Owns the models of a bench: a file that was named, or ones with random weights, made once and kept in out/. */
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const folder = fileURLToPath(new URL('../../../out/models/', import.meta.url));
const maker = fileURLToPath(new URL('../../fixtures/random-llama.ts', import.meta.url));

/**
 * The models to measure.
 * @param path a GGUF file; without it, models of the shapes are made
 * @param names shapes of tests/fixtures/random-llama.ts
 */
export async function benchModels(path, names) {
  if (path !== undefined) return [{ name: basename(path), path }];
  const { module } = await runnerImport(maker);
  await mkdir(folder, { recursive: true });
  const models = [];
  for (const name of names) {
    const shape = module.shapes[name];
    if (shape === undefined)
      throw new Error(`There is no shape ${name}; these are: ${Object.keys(module.shapes).join(', ')}.`);
    const file = join(folder, `random-${name}-${shape.weights}.gguf`);
    if (!existsSync(file)) {
      await module.writeRandomLlama(`${file}.part`, shape);
      await rename(`${file}.part`, file);
    }
    models.push({ name: `${name} ${shape.weights}`, path: file });
  }
  return models;
}
