import { expect, test } from 'vitest';
import { deleteModel } from '../../../../../main/models/local/trash.js';
import type { ModelFile } from '../../../../../preload/contract/local-models.js';

const model: ModelFile = {
  ...{
    path: '/m/a-00001-of-00002.gguf',
    name: 'a',
    parts: ['/m/a-00001-of-00002.gguf', '/m/a-00002-of-00002.gguf'],
  },
  ...{ places: ['/other/a.gguf'], source: 'models', folder: '/m', store: null, modifiedMs: 1, usedAt: null },
  ...{
    origin: null,
    soundness: 'unknown',
    verifiedAt: null,
    sizeBytes: 3_830_000_000,
    shape: null,
    problem: null,
  },
  ...{ architecture: 'llama', quantization: 'Q4_0', trainedContext: 2048 },
};

function setUp(answers: readonly boolean[], hasTrash = true) {
  const log: string[] = [];
  const left = [...answers];
  return {
    log,
    options: {
      ask: async ({ message, detail }: { message: string; detail: string }) => {
        log.push(`${message} ${detail}`);
        return left.shift() ?? false;
      },
      release: async (paths: readonly string[]) => void log.push(`release ${paths.join(' ')}`),
      moveToTrash: async (path: string) => {
        if (!hasTrash) throw new Error('no trash');
        log.push(`trash ${path}`);
      },
      deleteForGood: async (path: string) => void log.push(`delete ${path}`),
    },
  };
}

test('asks with the size, frees the model, then moves all its parts', async () => {
  const { log, options } = setUp([true]);
  expect(await deleteModel(model, options)).toBe('trash');
  expect(log).toEqual([
    'Move a to the trash? 3.83 GB: 2 files like a-00001-of-00002.gguf in /m. You can put it back from the trash.',
    'release /m/a-00001-of-00002.gguf /m/a-00002-of-00002.gguf /other/a.gguf',
    'trash /m/a-00001-of-00002.gguf',
    'trash /m/a-00002-of-00002.gguf',
  ]);
});

test('no means no', async () => {
  const { log, options } = setUp([false]);
  expect(await deleteModel(model, options)).toBe('kept');
  expect(log).toHaveLength(1);
});

test('where there is no trash, deleting for good needs a yes of its own', async () => {
  const no = setUp([true, false], false);
  expect(await deleteModel(model, no.options)).toBe('kept');
  expect(no.log.at(-1)).toContain('There is no trash for a here. Delete it for good?');
  const yes = setUp([true, true], false);
  expect(await deleteModel(model, yes.options)).toBe('gone');
  expect(yes.log.slice(-2)).toEqual(['delete /m/a-00001-of-00002.gguf', 'delete /m/a-00002-of-00002.gguf']);
});

test('a folder that nothing can be deleted from is said', async () => {
  const { options } = setUp([true, true], false);
  const deleteForGood = () => Promise.reject(new Error('EROFS: read-only file system'));
  await expect(deleteModel(model, { ...options, deleteForGood })).rejects.toMatchObject({
    message: 'a could not be deleted.',
    hint: 'Its folder may be read-only, or another program may be using it.',
  });
});

test('what belongs to other apps, and the starter, are never touched', async () => {
  const { log, options } = setUp([true]);
  await expect(deleteModel({ ...model, store: 'Ollama' }, options)).rejects.toThrow('belongs to Ollama');
  await expect(deleteModel({ ...model, source: 'starter' }, options)).rejects.toThrow(
    'not deleted from here',
  );
  expect(log).toEqual([]);
});
