/** Owns where other apps keep their models on each system, and looking there when asked; never adds what it finds. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { scanFolder, type Scan } from './scan.js';

export type AppFolder = { readonly app: string; readonly path: string };

type Machine = {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's folder. */
  readonly home: string;
};

/** The folders that the apps use by their documentation, older ones too; whether they exist is not known here. */
export function appFolders({ platform, env, home }: Machine): AppFolder[] {
  const { join } = platform === 'win32' ? win32 : posix;
  const set = (name: string) => (env[name] === undefined || env[name] === '' ? null : env[name]);
  const inHome = (...names: string[]) => join(home, ...names);
  // eslint-disable-next-line altiplano/no-loose-text -- the name of a folder
  const support = inHome('Library', 'Application Support');
  const cache = set('XDG_CACHE_HOME') ?? inHome('.cache');
  /** Where apps keep data and settings by the rules of the system. */
  const data =
    {
      win32: set('LOCALAPPDATA') ?? inHome('AppData', 'Local'),
      darwin: support,
    }[platform as string] ??
    set('XDG_DATA_HOME') ??
    inHome('.local', 'share');
  const settings =
    {
      win32: set('APPDATA') ?? inHome('AppData', 'Roaming'),
      darwin: support,
    }[platform as string] ??
    set('XDG_CONFIG_HOME') ??
    inHome('.config');
  const caches = { win32: data, darwin: inHome('Library', 'Caches') }[platform as string] ?? cache;

  const jan = [join(data, 'Jan', 'data'), join(settings, 'Jan', 'data'), inHome('jan')];
  const hub = set('HF_HUB_CACHE') ?? set('HUGGINGFACE_HUB_CACHE');
  const byApp: Readonly<Record<string, readonly (string | null)[]>> = {
    'LM Studio': [
      inHome('.lmstudio', 'models'),
      join(cache, 'lm-studio', 'models'),
      inHome('.cache', 'lm-studio', 'models'),
    ],
    Ollama: [
      set('OLLAMA_MODELS'),
      inHome('.ollama', 'models'),
      ...(platform === 'linux'
        ? ['/usr/share/ollama/.ollama/models', '/var/lib/ollama/.ollama/models', '/var/lib/ollama/models']
        : []),
    ],
    'Hugging Face': [hub ?? join(set('HF_HOME') ?? join(cache, 'huggingface'), 'hub')],
    GPT4All: [join(data, 'nomic.ai', 'GPT4All')],
    Jan: jan.flatMap((folder) => [join(folder, 'llamacpp', 'models'), join(folder, 'models')]),
    'llama.cpp': [set('LLAMA_CACHE') ?? join(caches, 'llama.cpp')],
  };
  return Object.entries(byApp).flatMap(([app, paths]) =>
    [...new Set(paths)].flatMap((path) => (path === null ? [] : [{ app, path }])),
  );
}

/** Apps that are unpacked wherever the user likes: the start of the folder's name, and where models lie in it. */
const unpacked: readonly {
  readonly app: string;
  readonly name: RegExp;
  readonly below: readonly string[];
}[] = [
  {
    app: 'text-generation-webui',
    name: /^(?:text-generation-webui|textgen)/i,
    below: ['user_data/models', 'models'],
  },
  { app: 'KoboldCpp', name: /^koboldcpp/i, below: ['.'] },
];

/** The folders in which people unpack apps. */
function unpackedIn({ platform, home }: Machine): string[] {
  const { join } = platform === 'win32' ? win32 : posix;
  return [
    home,
    ...['Desktop', 'Documents', 'Downloads', 'Applications', 'apps', 'ai', 'git', 'src'].map((name) =>
      join(home, name),
    ),
  ];
}

async function unpackedFolders(machine: Machine): Promise<AppFolder[]> {
  const { join } = machine.platform === 'win32' ? win32 : posix;
  const found: AppFolder[] = [];
  for (const parent of unpackedIn(machine)) {
    const names = await readdir(parent).catch(() => []);
    for (const { app, name, below } of unpacked) {
      for (const folder of names.filter((entry) => name.test(entry)).sort()) {
        found.push(...below.map((path) => ({ app, path: join(parent, folder, path) })));
      }
    }
  }
  return found;
}

/** LM Studio writes the place of its data to a file, and the place of its models into its settings. */
async function lmStudioFolders({ platform, home }: Machine): Promise<AppFolder[]> {
  const { join, isAbsolute } = platform === 'win32' ? win32 : posix;
  const read = (path: string) => readFile(path, 'utf8').catch(() => '');
  const pointed = (await read(join(home, '.lmstudio-home-pointer'))).trim();
  const base = isAbsolute(pointed) ? pointed : join(home, '.lmstudio');
  const paths = [join(base, 'models')];
  try {
    const settings = JSON.parse(await read(join(base, 'settings.json'))) as { downloadsFolder?: unknown };
    const { downloadsFolder } = settings;
    if (typeof downloadsFolder === 'string' && isAbsolute(downloadsFolder)) paths.push(downloadsFolder);
  } catch {
    // No settings, or not as they used to be: the usual places remain.
  }
  return paths.map((path) => ({ app: 'LM Studio', path }));
}

export type FoundFolder = AppFolder & { readonly scan: Scan };

/** Looks for folders of other apps that have models in them. */
export async function findAppFolders(machine: Machine): Promise<FoundFolder[]> {
  const folders = [
    ...(await lmStudioFolders(machine)),
    ...appFolders(machine),
    ...(await unpackedFolders(machine)),
  ];
  const found = new Map<string, FoundFolder>();
  for (const folder of folders) {
    const isFolder = await stat(folder.path).then(
      (info) => info.isDirectory(),
      () => false,
    );
    // Apps that moved their data leave links behind.
    const real = isFolder ? await realpath(folder.path) : null;
    if (real !== null && !found.has(real))
      found.set(real, { ...folder, scan: await scanFolder(folder.path) });
  }
  return [...found.values()].filter(({ scan }) => scan.files.length > 0 || scan.problem !== null);
}
