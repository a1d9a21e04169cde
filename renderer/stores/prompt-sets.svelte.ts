/** Owns the prompt sets as the page knows them, and the one that is open; what is written in a prompt is saved a moment later. */
import { t } from '../../preload/contract/language.js';
import { SvelteMap } from 'svelte/reactivity';
import { categories } from '../../preload/contract/arena-words.js';
import type {
  ImportedPrompts,
  Prompt,
  PromptContent,
  PromptSet,
} from '../../preload/contract/prompt-sets.js';
import { on, request } from '../services/api.js';
import { notices } from './notices.svelte.js';
import { undo } from './undo.svelte.js';

const saveDelayMs = 500;

class PromptSets {
  list = $state.raw<readonly PromptSet[]>([]);
  #openId = $state<string | null>(null);
  /** Of the open set. */
  #prompts = $state.raw<readonly Prompt[]>([]);
  /** What was written here that main does not have yet, by prompt. */
  readonly #unsaved = new SvelteMap<string, PromptContent>();
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #starting: Promise<void> | null = null;
  /** What the last import could not use; shown until it is closed. */
  imported = $state.raw<ImportedPrompts | null>(null);

  readonly open: PromptSet | undefined = $derived(
    this.list.find(({ id }) => id === this.#openId) ?? this.list[0],
  );
  readonly prompts: readonly Prompt[] = $derived(
    this.#prompts.map((prompt) => ({ ...prompt, ...this.#unsaved.get(prompt.id) })),
  );

  /** Reads what there is; the first time only. */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    on('promptSets.changed', (list) => void this.#take(list));
    const list = await notices.guard(request('promptSets.list'));
    if (list !== undefined) await this.#take(list);
    else this.#starting = null;
  }

  async select(setId: string): Promise<void> {
    await this.save();
    this.#openId = setId;
    await this.#read();
  }

  async create(): Promise<void> {
    await this.#show(request('promptSets.create', { name: t('My prompts') }), t('Added a prompt set'));
  }

  async duplicate(set: PromptSet): Promise<void> {
    await this.save();
    await this.#show(
      request('promptSets.duplicate', { setId: set.id }),
      t('Copied “{name}”', { name: set.name }),
    );
  }

  async rename(setId: string, name: string): Promise<boolean> {
    const latest = undo.state.undo;
    const done = await notices.guard(request('promptSets.rename', { setId, name }));
    if (done !== undefined) undo.done(t('Prompt set renamed'), latest);
    return done !== undefined;
  }

  async delete({ id, name }: PromptSet): Promise<void> {
    await this.save();
    const done = await notices.guard(request('promptSets.delete', { setId: id }).then(() => true));
    if (done === true) undo.done(t('Deleted the prompt set “{name}”', { name }));
  }

  /** An empty prompt of the same category as the one before it. @returns its id */
  async addPrompt({ id: setId }: PromptSet): Promise<string | undefined> {
    await this.save();
    const category = this.prompts.at(-1)?.category ?? categories[0];
    const content = { category, level: null, text: '', reference: '' };
    return (await notices.guard(request('promptSets.addPrompt', { setId, content })))?.id;
  }

  write({ id, category, level, text, reference }: Prompt, change: Partial<PromptContent>): void {
    this.#unsaved.set(id, { category, level, text, reference, ...change });
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => void this.save(), saveDelayMs);
  }

  async deletePrompt({ id }: Prompt): Promise<void> {
    this.#unsaved.delete(id);
    const done = await notices.guard(request('promptSets.deletePrompt', { id }).then(() => true));
    if (done === true) undo.done(t('Deleted the prompt'));
  }

  /** Saves what was written, now. */
  async save(): Promise<void> {
    clearTimeout(this.#saveTimer);
    for (const [id, content] of [...this.#unsaved]) {
      const saved = await notices.guard(request('promptSets.changePrompt', { id, content }));
      // What was refused stays to be mended; what was written meanwhile waits for its own turn.
      if (saved !== undefined && this.#unsaved.get(id) === content) this.#unsaved.delete(id);
    }
  }

  async import(): Promise<void> {
    await this.save();
    const imported = await notices.guard(request('promptSets.import'));
    if (imported === undefined || imported === null) return;
    await this.select(imported.set.id);
    this.imported = imported.problems.length > 0 ? imported : null;
    undo.done(t('Imported {count, plural, one {# prompt} other {# prompts}}', { count: imported.read }));
  }

  async export({ id: setId }: PromptSet): Promise<void> {
    await this.save();
    const path = await notices.guard(request('promptSets.export', { setId }));
    if (typeof path === 'string') notices.done(t('Exported to {path}', { path }));
  }

  async #show(made: Promise<PromptSet>, said: string): Promise<void> {
    const set = await notices.guard(made);
    if (set === undefined) return;
    await this.select(set.id);
    undo.done(said);
  }

  async #take(list: readonly PromptSet[]): Promise<void> {
    this.list = list;
    await this.#read();
  }

  async #read(): Promise<void> {
    const set = this.open;
    if (set === undefined) return;
    const prompts = await notices.guard(request('promptSets.prompts', { setId: set.id }));
    // Another one may have been opened meanwhile.
    if (prompts !== undefined && this.open?.id === set.id) this.#prompts = prompts;
  }
}

export const promptSets = new PromptSets();
