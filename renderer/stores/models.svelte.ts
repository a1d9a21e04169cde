/** Owns the list of models on this machine and the engine's status as the page knows them. */
import { t } from '../../preload/contract/language.js';
import { SvelteMap } from 'svelte/reactivity';
import type { Fit } from '../../preload/contract/fit.js';
import type {
  AddedModels,
  LocalLibrary,
  ModelFile,
  ModelFolder,
} from '../../preload/contract/local-models.js';
import type { EngineStatus } from '../../preload/contract/models.js';
import { fileName } from '../lib/format.js';
import { on, request } from '../services/api.js';
import { notices } from './notices.svelte.js';

class Models {
  files = $state.raw<readonly ModelFile[]>([]);
  folders = $state.raw<readonly ModelFolder[]>([]);
  status = $state.raw<EngineStatus>({ state: 'idle' });
  /** False until the list was read once: an empty list means something only then. */
  known = $state(false);
  /** Whether each model would load with the settings in force, by path. */
  fits = $state.raw<Readonly<Record<string, Fit>>>({});
  /** Share of the bytes that were read of each model that is being verified. */
  readonly verifying = new SvelteMap<string, number>();

  /** The path shown as chosen. */
  get path(): string {
    const path = 'path' in this.status ? (this.status.path ?? '') : '';
    // The list has a model once, at one of its places.
    return this.files.find(({ places }) => places.includes(path))?.path ?? path;
  }

  async start(): Promise<void> {
    on('models.status', (status) => (this.status = status));
    on('models.library', (library) => this.#show(library));
    on('models.asked', ({ paths }) => void this.addPaths(paths));
    on('models.verifying', ({ path, progress }) => {
      if (progress === null) this.verifying.delete(path);
      else this.verifying.set(path, progress);
    });
    this.status = await request('models.status');
    await this.refresh();
  }

  async refresh(): Promise<void> {
    this.#show(await request('models.list'));
  }

  /** Reckons anew what fits: settings, free memory and the list change. */
  async reckonFits(): Promise<void> {
    this.fits = (await notices.guard(request('models.fits'))) ?? this.fits;
  }

  /** A failure is in the status, where it stays visible. @param inFull with the user's settings, whatever worked before */
  load(path: string, inFull = false): void {
    request('models.load', { path, inFull }).catch(() => undefined);
  }

  /** Lets the user pick files or a folder. */
  async add(what: 'files' | 'folder' = 'files'): Promise<void> {
    await this.#adding(request('models.add', { what }));
  }

  /** Adds what was dropped, or what an offer named. */
  async addPaths(paths: readonly string[]): Promise<void> {
    await this.#adding(request('models.addPaths', { paths: [...paths] }), paths);
  }

  /** Takes a file or folder out of the list, with a way back. */
  async forget(path: string, name: string): Promise<void> {
    const library = await notices.guard(request('models.forget', { path }));
    if (library === undefined) return;
    this.#show(library);
    notices.done(
      t('{name} is no longer in the list. Its files stay where they are.', { name }),
      () => void this.#bringBack(path),
    );
  }

  async delete({ path, name }: ModelFile): Promise<void> {
    const answer = await notices.guard(request('models.delete', { path }));
    if (answer === undefined) return;
    this.#show(answer);
    if (answer.result === 'trash')
      notices.done(t('{name} is in the trash. To have it again, put it back from there.', { name }));
    if (answer.result === 'gone') notices.done(t('{name} was deleted.', { name }));
  }

  /** Reads all of a model and says what came of it. */
  async verify({ path, name }: ModelFile): Promise<void> {
    try {
      const { result } = await request('models.verify', { path });
      const said = outcomes[result](name);
      if (result === 'matches' || result === 'recorded') notices.done(said);
      else notices.fail({ code: 'bad-input', message: said, hint: t('Download it again.') });
      await this.refresh();
    } catch (thrown) {
      notices.failUnlessCancelled(thrown);
    }
  }

  async #bringBack(path: string): Promise<void> {
    const library = await notices.guard(request('models.addPaths', { paths: [path] }));
    if (library !== undefined) this.#show(library);
  }

  /** Says what was added, and loads the one that was added when none is loaded or being loaded. */
  async #adding(work: Promise<AddedModels>, asked: readonly string[] | null = null): Promise<void> {
    const answer = await notices.guard(work);
    if (answer === undefined) return;
    const { added, refused } = answer;
    const isNewFolder = answer.folders.length > this.folders.length;
    this.#show(answer);
    for (const { path, problem } of refused) {
      notices.fail({
        code: 'bad-input',
        message: t('{name} was not added. {problem}', { name: fileName(path), problem }),
      });
    }
    if (added.length > 1)
      notices.done(t('{count, number} models were added to the list.', { count: added.length }));
    else if (added.length === 0 && isNewFolder)
      notices.done(t('No model is in this folder yet. What comes into it will be listed.'));
    else if (added.length === 0 && asked !== null && refused.length === 0)
      notices.done(t('The list had all of it already.'));
    const usable = this.files.find(({ path, problem }) => path === added[0] && problem === null);
    if (added.length === 1 && usable !== undefined) {
      notices.done(t('{name} was added to the list.', { name: usable.name }));
      if (this.status.state === 'idle' || this.status.state === 'failed') this.load(usable.path);
    }
  }

  #show({ files, folders }: LocalLibrary): void {
    this.files = files;
    this.folders = folders;
    this.known = true;
  }
}

const outcomes = {
  matches: (name: string) => t('{name} is as it should be: every byte was read.', { name }),
  recorded: (name: string) =>
    t(
      '{name} is sound as far as its header tells. Its SHA-256 was taken: from now on any change of it will be found.',
      { name },
    ),
  differs: (name: string) =>
    t('{name} is not what its source says it should be: its SHA-256 is another one.', { name }),
  changed: (name: string) =>
    t('{name} has changed by itself since it was read before: the disk may be failing.', { name }),
} as const;

export const models = new Models();
