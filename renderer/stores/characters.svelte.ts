/** Owns the characters and the user's profiles as the page knows them, and the one that is being edited. Main keeps them. */
import { t } from '../../preload/contract/language.js';
import type {
  Card,
  CardFormat,
  Character,
  CharacterSummary,
  ImportedCharacter,
  Persona,
} from '../../preload/contract/characters.js';
import { on, pathOf, request } from '../services/api.js';
import { appView } from './app-view.svelte.js';
import { chats } from './chats.svelte.js';
import { notices } from './notices.svelte.js';
import { settings } from './settings.svelte.js';
import { undo } from './undo.svelte.js';

const saveDelayMs = 600;

class Characters {
  list = $state.raw<readonly CharacterSummary[]>([]);
  personas = $state.raw<readonly Persona[]>([]);
  /** The one that is being edited, as it is on the page; null = the gallery is shown. */
  open = $state.raw<Character | null>(null);
  /** Whether the page has changes of the open one that main lacks. */
  #waits = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<unknown> = Promise.resolve();

  async start(): Promise<void> {
    on('characters.changed', (list) => {
      this.list = list;
      void this.#follow();
    });
    on('personas.changed', (list) => (this.personas = list));
    [this.list, this.personas] = await Promise.all([request('characters.list'), request('personas.list')]);
  }

  find(id: string | null): CharacterSummary | undefined {
    return this.list.find((character) => character.id === id);
  }

  persona(id: string | null): Persona | undefined {
    return this.personas.find((persona) => persona.id === id);
  }

  async edit(id: string): Promise<void> {
    await this.save();
    const character = await notices.guard(request('characters.open', { id }));
    if (character === undefined) return;
    this.open = character;
    appView.show('Characters');
  }

  async closeEditor(): Promise<void> {
    await this.save();
    this.open = null;
  }

  /** Applies at once and is saved a moment later, so that typing makes few steps. */
  change(change: Partial<Card>): void {
    if (this.open === null) return;
    this.open = { ...this.open, card: { ...this.open.card, ...change } };
    this.#waits = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), saveDelayMs);
  }

  /** Saves what waits now. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#saving;
    if (!this.#waits || this.open === null) return;
    // A card without a name stays on the page until it has one.
    if (this.open.card.name.trim() === '') return;
    this.#waits = false;
    const { id, card } = this.open;
    const saved = notices.guard(request('characters.save', { id, card }));
    this.#saving = saved;
    const character = await saved;
    if (character === undefined) this.#waits = true;
    else if (this.open?.id === id) this.open = { ...this.open, updatedAt: character.updatedAt };
  }

  async create(): Promise<void> {
    await this.save();
    const card = { name: t('New character') };
    const made = await notices.guard(request('characters.create', { card }));
    if (made !== undefined) await this.edit(made.id);
  }

  async addExample(name: string): Promise<void> {
    await notices.guard(request('characters.addExample', { name }));
  }

  async duplicate(id: string): Promise<void> {
    await this.save();
    const copy = await notices.guard(request('characters.duplicate', { id }));
    if (copy !== undefined) await this.edit(copy.id);
  }

  async delete({ id, name }: { readonly id: string; readonly name: string }): Promise<void> {
    await this.save();
    const before = undo.state.undo;
    const done = await notices.guard(request('characters.delete', { id }).then(() => true));
    if (done === undefined) return;
    if (this.open?.id === id) this.open = null;
    undo.done(t('Deleted “{name}”', { name }), before);
  }

  async import(): Promise<void> {
    this.#tell(await notices.guard(request('characters.choose')));
  }

  async importFiles(files: readonly File[]): Promise<void> {
    const paths = files.map(pathOf).filter((path) => path !== '');
    if (paths.length === 0) return;
    this.#tell(await notices.guard(request('characters.import', { paths })));
  }

  async export(id: string, format: CardFormat): Promise<void> {
    await this.save();
    const file = await notices.guard(request('characters.export', { id, format }));
    if (file === undefined || file === null) return;
    const { path, lacks } = file;
    notices.done(
      lacks.length === 0
        ? t('Exported to {path}.', { path })
        : t('Exported to {path}. This kind of file has no place for {parts}.', {
            path,
            parts: lacks.join(', '),
          }),
    );
  }

  async choosePicture(): Promise<void> {
    const { open } = this;
    if (open !== null) this.#took(await notices.guard(request('characters.choosePicture', { id: open.id })));
  }

  async takePicture(file: File): Promise<void> {
    const path = pathOf(file);
    if (this.open === null || path === '') return;
    this.#took(await notices.guard(request('characters.takePicture', { id: this.open.id, path })));
  }

  async removePicture(): Promise<void> {
    const { open } = this;
    if (open !== null) this.#took(await notices.guard(request('characters.removePicture', { id: open.id })));
  }

  async startChat(id: string): Promise<void> {
    // Who the user is in it is a setting.
    await Promise.all([this.save(), settings.save()]);
    const chat = await notices.guard(request('characters.startChat', { id }));
    if (chat === undefined) return;
    appView.showChat();
    await chats.select(chat.id);
  }

  createPersona(): Promise<Persona | undefined> {
    return notices.guard(request('personas.create', { name: t('New profile'), description: '' }));
  }

  async savePersona({ id, name, description }: Persona): Promise<void> {
    await notices.guard(request('personas.save', { id, name, description }));
  }

  async choosePersonaPicture(id: string): Promise<void> {
    await notices.guard(request('personas.choosePicture', { id }));
  }

  async removePersonaPicture(id: string): Promise<void> {
    await notices.guard(request('personas.removePicture', { id }));
  }

  async deletePersona({ id, name }: Persona): Promise<void> {
    const before = undo.state.undo;
    const done = await notices.guard(request('personas.delete', { id }).then(() => true));
    if (done === undefined) return;
    if (settings.value.personaId === id) settings.set({ personaId: null });
    undo.done(t('Deleted the profile “{name}”', { name }), before);
  }

  /** What else changed the open one, such as an undo, is shown; what is being typed stays. */
  async #follow(): Promise<void> {
    await this.#saving;
    const { open } = this;
    if (open === null || this.#waits) return;
    const known = this.find(open.id);
    if (known === undefined) this.open = null;
    else if (known.updatedAt !== open.updatedAt) {
      const character = await request('characters.open', { id: open.id }).catch(() => null);
      if (this.open?.id === open.id && !this.#waits) this.open = character;
    }
  }

  #took(character: Character | null | undefined): void {
    if (character && this.open?.id === character.id) {
      const { picture, updatedAt } = character;
      this.open = { ...this.open, picture, updatedAt };
    }
  }

  #tell(imported: readonly ImportedCharacter[] | undefined): void {
    if (imported === undefined || imported.length === 0) return;
    const taken = imported.flatMap(({ character }) => character ?? []);
    const [first, ...more] = taken;
    if (first !== undefined) {
      notices.done(
        more.length === 0
          ? t('Imported “{name}”', { name: first.name })
          : t('Imported {count, number} characters', { count: taken.length }),
      );
    }
    for (const { fileName, character, problems } of imported) {
      if (problems.length === 0) continue;
      const message =
        character === null
          ? t('{file}: not imported.', { file: fileName })
          : t('{file}: not all could be taken.', { file: fileName });
      notices.fail({ code: 'bad-input', message, hint: problems.join(' ') });
    }
  }
}

export const characters = new Characters();
