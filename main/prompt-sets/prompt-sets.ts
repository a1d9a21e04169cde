/** Owns prompt sets as the user sees them, the shipped one and the own ones together; reads and writes no file itself. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import type {
  ImportedPrompts,
  Prompt,
  PromptContent,
  PromptSet,
} from '../../preload/contract/prompt-sets.js';
import type { Database } from '../db/client.js';
import type { NewPromptSet, PromptSetRecord } from '../db/prompt-sets.js';
import { freeName, isSameName } from '../presets/names.js';
import { readPromptLines, writePromptLines } from './jsonl.js';
import { isShipped, shippedPrompts, shippedSet } from './shipped.js';

export type PromptSetsOptions = {
  readonly db: Pick<
    Database,
    | 'listPromptSets'
    | 'promptsOf'
    | 'createPromptSet'
    | 'renamePromptSet'
    | 'removePromptSet'
    | 'addPrompt'
    | 'changePrompt'
    | 'removePrompt'
  >;
  /** Told of the whole list after each change. */
  readonly onChange: (list: readonly PromptSet[]) => void;
};

/** Of an import, at most so many are told one by one. */
const listedProblems = 20;

export class PromptSets {
  readonly #db: PromptSetsOptions['db'];
  readonly #onChange: PromptSetsOptions['onChange'];

  constructor({ db, onChange }: PromptSetsOptions) {
    this.#db = db;
    this.#onChange = onChange;
  }

  /** The shipped one first, then the own ones by name. */
  async list(): Promise<PromptSet[]> {
    return [shipped, ...(await this.#db.listPromptSets()).map(toSet)];
  }

  /** Something changed them from elsewhere, such as an undo. */
  async tell(): Promise<void> {
    this.#onChange(await this.list());
  }

  /** @throws AppError `not-found` */
  async find(setId: string): Promise<PromptSet> {
    const found = (await this.list()).find(({ id }) => id === setId);
    if (found !== undefined) return found;
    throw new AppError({ code: 'not-found', message: t('This prompt set no longer exists.') });
  }

  /** @throws AppError `not-found` */
  async prompts(setId: string): Promise<Prompt[]> {
    return setId === shippedSet.id ? [...shippedPrompts] : this.#db.promptsOf(setId);
  }

  /** An empty one; where the name is taken it gets another. */
  create(name: string): Promise<PromptSet> {
    return this.#add({ name, origin: '', prompts: [] });
  }

  async duplicate(setId: string): Promise<PromptSet> {
    const { name } = await this.find(setId);
    return this.#add({ name, origin: t('A copy of {name}.', { name }), prompts: await this.prompts(setId) });
  }

  /** @throws AppError `bad-input` when the name is taken */
  async rename(setId: string, name: string): Promise<PromptSet> {
    requireOwn(setId);
    const other = (await this.list()).find((set) => isSameName(set.name, name));
    if (other !== undefined && other.id !== setId) {
      throw new AppError({
        code: 'bad-input',
        message: t('There is a prompt set named “{name}” already.', { name: other.name }),
        hint: t('Choose another name.'),
      });
    }
    await this.#db.renamePromptSet(setId, name);
    await this.tell();
    return this.find(setId);
  }

  async remove(setId: string): Promise<void> {
    requireOwn(setId);
    await this.#told(this.#db.removePromptSet(setId));
  }

  addPrompt(setId: string, content: PromptContent): Promise<Prompt> {
    requireOwn(setId);
    return this.#told(this.#db.addPrompt(setId, content));
  }

  changePrompt(id: string, content: PromptContent): Promise<Prompt> {
    requireOwn(id);
    return this.#told(this.#db.changePrompt(id, content));
  }

  removePrompt(id: string): Promise<void> {
    requireOwn(id);
    return this.#told(this.#db.removePrompt(id));
  }

  /** Makes a set of a file in JSONL. @throws AppError `bad-input` when there is no prompt in it */
  async importFile(name: string, file: string): Promise<ImportedPrompts> {
    const { prompts, problems } = readPromptLines(name, file);
    const set = await this.#add({
      name,
      origin: t('Imported from {file}.', { file: `${name}.jsonl` }),
      prompts,
    });
    return {
      set,
      read: prompts.length,
      problems: problems.slice(0, listedProblems),
      moreProblems: Math.max(0, problems.length - listedProblems),
    };
  }

  /** The set as a file in JSONL. */
  async exportFile(setId: string): Promise<{ readonly name: string; readonly text: string }> {
    const { name } = await this.find(setId);
    return { name, text: writePromptLines(await this.prompts(setId)) };
  }

  async #add({ name, ...rest }: NewPromptSet): Promise<PromptSet> {
    const taken = (await this.list()).map((set) => set.name);
    const id = await this.#told(this.#db.createPromptSet({ ...rest, name: freeName(name, taken) }));
    return this.find(id);
  }

  async #told<T>(change: Promise<T>): Promise<T> {
    const changed = await change;
    await this.tell();
    return changed;
  }
}

function requireOwn(id: string): void {
  if (!isShipped(id)) return;
  throw new AppError({
    code: 'bad-input',
    message: t('The prompts that come with the app can’t be changed.'),
    hint: t('Duplicate the set, and change the copy.'),
  });
}

const shipped: PromptSet = {
  ...shippedSet,
  isOwn: false,
  counts: [...new Set(shippedPrompts.map(({ category }) => category))].map((category) => ({
    category,
    count: shippedPrompts.filter((prompt) => prompt.category === category).length,
  })),
};

const toSet = ({ origin, counts, ...record }: PromptSetRecord): PromptSet => ({
  ...record,
  does: origin,
  isOwn: true,
  counts: [...counts],
});
