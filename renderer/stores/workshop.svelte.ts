/** Owns the user's and the app's grammars and prompt templates as the page knows them; what is written in one is saved a moment later. */
import { t } from '../../preload/contract/language.js';
import { shelfOf, type Shelf, type WorkshopForm } from '../../preload/contract/workshop-forms.js';
import type { WorkshopItem } from '../../preload/contract/workshop.js';
import { on, request } from '../services/api.js';
import { notices } from './notices.svelte.js';

const saveDelayMs = 300;

class Workshop {
  list = $state.raw<readonly WorkshopItem[]>([]);
  /** Texts written here that main does not have yet, by item. */
  readonly #unsaved = new Map<string, string>();
  #saveTimer: ReturnType<typeof setTimeout> | undefined;

  async start(): Promise<void> {
    on('workshop.changed', (list) => this.#take(list));
    this.#take(await request('workshop.list'));
  }

  on(shelf: Shelf): readonly WorkshopItem[] {
    return this.list.filter(({ form }) => shelfOf[form] === shelf);
  }

  /** Undefined for one that is gone. */
  find(id: string | null): WorkshopItem | undefined {
    return this.list.find((item) => item.id === id);
  }

  create(form: WorkshopForm, name: string, text: string, does = ''): Promise<WorkshopItem | undefined> {
    return notices.guard(request('workshop.create', { form, name, text, does }));
  }

  duplicate({ form, name, text }: WorkshopItem): Promise<WorkshopItem | undefined> {
    return this.create(form, name, text, t('A copy of {name}.', { name }));
  }

  rename(id: string, name: string): Promise<WorkshopItem | undefined> {
    return notices.guard(request('workshop.change', { id, name }));
  }

  write(id: string, text: string): void {
    this.#unsaved.set(id, text);
    this.#take(this.list);
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => void this.save(), saveDelayMs);
  }

  /** Saves what was written, now. */
  async save(): Promise<void> {
    clearTimeout(this.#saveTimer);
    for (const [id, text] of [...this.#unsaved]) {
      await notices.guard(request('workshop.change', { id, text }));
      // What was written meanwhile waits for its own turn.
      if (this.#unsaved.get(id) === text) this.#unsaved.delete(id);
    }
  }

  async delete(item: WorkshopItem): Promise<void> {
    await this.save();
    const done = await notices.guard(request('workshop.delete', { id: item.id }).then(() => true));
    if (done === undefined) return;
    const { isOwn: _, ...deleted } = item;
    notices.done(t('Deleted “{name}”', { name: item.name }), () => {
      void notices.guard(request('workshop.restore', deleted));
    });
  }

  async import(shelf: Shelf): Promise<readonly WorkshopItem[]> {
    return (await notices.guard(request('workshop.import', { shelf }))) ?? [];
  }

  async export({ id }: WorkshopItem): Promise<void> {
    await this.save();
    const path = await notices.guard(request('workshop.export', { id }));
    if (typeof path === 'string') notices.done(t('Exported to {path}', { path }));
  }

  #take(list: readonly WorkshopItem[]): void {
    this.list = list.map((item) => ({ ...item, text: this.#unsaved.get(item.id) ?? item.text }));
  }
}

export const workshop = new Workshop();
