import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { appFolders, findAppFolders } from '../../../../../main/models/local/apps.js';
import { offersOf } from '../../../../../main/models/local/offers.js';
import { plainModel } from '../../../../fixtures/random-llama.js';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'apps-'))));
afterEach(() => rmSync(home, { recursive: true }));

const write = (path: string, bytes: string | Buffer = plainModel) => {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
};
const paths = (app: string, machine: Parameters<typeof appFolders>[0]) =>
  appFolders(machine).flatMap((folder) => (folder.app === app ? [folder.path] : []));

test('the usual places on each system', () => {
  const linux = { platform: 'linux', env: {}, home: '/home/ana' } as const;
  expect(paths('Ollama', linux)).toContain('/home/ana/.ollama/models');
  expect(paths('Ollama', linux)).toContain('/usr/share/ollama/.ollama/models');
  expect(paths('Hugging Face', linux)).toEqual(['/home/ana/.cache/huggingface/hub']);
  expect(paths('GPT4All', linux)).toEqual(['/home/ana/.local/share/nomic.ai/GPT4All']);
  const mac = { platform: 'darwin', env: {}, home: '/Users/ana' } as const;
  expect(paths('GPT4All', mac)).toEqual(['/Users/ana/Library/Application Support/nomic.ai/GPT4All']);
  expect(paths('Jan', mac)).toContain('/Users/ana/Library/Application Support/Jan/data/llamacpp/models');
  expect(paths('llama.cpp', mac)).toEqual(['/Users/ana/Library/Caches/llama.cpp']);
  const windows = {
    platform: 'win32',
    env: { APPDATA: 'C:\\Users\\ana\\AppData\\Roaming', LOCALAPPDATA: 'D:\\Local' },
    home: 'C:\\Users\\ana',
  } as const;
  expect(paths('LM Studio', windows)).toContain('C:\\Users\\ana\\.lmstudio\\models');
  expect(paths('GPT4All', windows)).toEqual(['D:\\Local\\nomic.ai\\GPT4All']);
  expect(paths('Jan', windows)).toContain('C:\\Users\\ana\\AppData\\Roaming\\Jan\\data\\llamacpp\\models');
});

test('the environment variables of the apps move their places', () => {
  const machine = (env: Record<string, string>) => ({ platform: 'linux', env, home: '/home/ana' }) as const;
  expect(paths('Ollama', machine({ OLLAMA_MODELS: '/big/ollama' }))[0]).toBe('/big/ollama');
  expect(paths('Hugging Face', machine({ HF_HOME: '/big/hf' }))).toEqual(['/big/hf/hub']);
  expect(paths('Hugging Face', machine({ HF_HUB_CACHE: '/big/hub', HF_HOME: '/x' }))).toEqual(['/big/hub']);
  expect(paths('Hugging Face', machine({ XDG_CACHE_HOME: '/c' }))).toEqual(['/c/huggingface/hub']);
  expect(paths('GPT4All', machine({ XDG_DATA_HOME: '/d' }))).toEqual(['/d/nomic.ai/GPT4All']);
  expect(paths('llama.cpp', machine({ LLAMA_CACHE: '/l' }))).toEqual(['/l']);
});

test('finds folders with models in them, and offers them with counts and sizes', async () => {
  write('.lmstudio/models/owner/repo/A.gguf');
  write('moved/B.gguf');
  write('.lmstudio/settings.json', JSON.stringify({ downloadsFolder: join(home, 'moved') }));
  write('Downloads/text-generation-webui-3.9/user_data/models/C.gguf');
  write('koboldcpp/D.gguf');
  write('koboldcpp-linux-x64', 'a program, not a folder');
  write('.local/share/Jan/data/llamacpp/models/vicuna/model.gguf');
  mkdirSync(join(home, '.cache'), { recursive: true });
  symlinkSync(join(home, '.lmstudio'), join(home, '.cache', 'lm-studio'));
  mkdirSync(join(home, '.ollama', 'models'), { recursive: true });
  const found = await findAppFolders({ platform: 'linux', env: {}, home });
  const folders = [{ path: join(home, 'moved') }] as never;
  const offers = await offersOf(found, { folders });
  expect(
    offers.map(({ app, path, models, isAdded }) => [app, path.slice(home.length + 1), models, isAdded]),
  ).toEqual([
    ['LM Studio', '.lmstudio/models', 1, false],
    ['LM Studio', 'moved', 1, true],
    ['Jan', '.local/share/Jan/data/llamacpp/models', 1, false],
    ['KoboldCpp', 'koboldcpp', 1, false],
    ['text-generation-webui', 'Downloads/text-generation-webui-3.9/user_data/models', 1, false],
  ]);
  expect(offers[0]!.sizeBytes).toBe(plainModel.length);
  expect(found[2]!.scan.files[0]!.name).toBe('vicuna');
});
