/** Owns grammars and prompt templates as the user sees them, the shipped ones and the own ones together; never what their texts mean. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import { shelfOf, type Shelf } from '../../preload/contract/workshop-forms.js';
import type { WorkshopItem } from '../../preload/contract/workshop.js';
import type { LoadRequest } from '../../preload/contract/engine.js';
import { listTemplates } from '../engine/templates/choose.js';
import type { Database } from '../db/client.js';
import type { WorkshopChange, WorkshopRecord } from '../db/workshop.js';
import { freeName, isSameName } from '../presets/names.js';
import { isShipped, shippedItems } from './shipped.js';

export type WorkshopOptions = {
  readonly db: Pick<
    Database,
    'listWorkshop' | 'createWorkshopItem' | 'changeWorkshopItem' | 'removeWorkshopItem'
  >;
  /** Told of the whole list after each change. */
  readonly onChange: (list: readonly WorkshopItem[]) => void;
};

export class Workshop {
  readonly #db: WorkshopOptions['db'];
  readonly #onChange: WorkshopOptions['onChange'];

  constructor({ db, onChange }: WorkshopOptions) {
    this.#db = db;
    this.#onChange = onChange;
  }

  /** The shipped ones first, then the own ones by name. */
  async list(): Promise<WorkshopItem[]> {
    return [...shippedItems, ...(await this.#db.listWorkshop()).map(toItem)];
  }

  /** @throws AppError `not-found` */
  async find(id: string): Promise<WorkshopItem> {
    const found = (await this.list()).find((item) => item.id === id);
    if (found !== undefined) return found;
    throw new AppError({ code: 'not-found', message: t('This no longer exists.') });
  }

  /**
   * What the engine is told of a template that was chosen by hand. One that was deleted is not chosen, until it comes
   * back.
   * @param id of a family's, or of one of the user's
   */
  async chosenTemplate(id: string | null): Promise<Pick<LoadRequest, 'template' | 'written'>> {
    if (id === null || listTemplates().some((family) => family.id === id)) return { template: id };
    const found = (await this.#onShelf('template')).find((item) => item.id === id);
    if (found === undefined) return { template: null };
    const { name, form, text } = found;
    return {
      template: id,
      ...((form === 'parts' || form === 'jinja') && { written: { id, name, form, text } }),
    };
  }

  /** One whose name is taken gets another. */
  async create(
    item: Pick<WorkshopItem, 'form' | 'name' | 'text' | 'does'> & { id?: string },
  ): Promise<WorkshopItem> {
    const { does: origin, ...rest } = item;
    const taken = (await this.#onShelf(shelfOf[item.form])).map(({ name }) => name);
    return this.#told(this.#db.createWorkshopItem({ ...rest, origin, name: freeName(item.name, taken) }));
  }

  /** @throws AppError `bad-input` when the name is taken */
  async change(id: string, change: WorkshopChange): Promise<WorkshopItem> {
    requireOwn(id);
    if (change.name !== undefined) await this.#requireFree(change.name, await this.find(id));
    return this.#told(this.#db.changeWorkshopItem(id, change));
  }

  async remove(id: string): Promise<void> {
    requireOwn(id);
    await this.#db.removeWorkshopItem(id);
    this.#onChange(await this.list());
  }

  async #onShelf(shelf: Shelf): Promise<WorkshopItem[]> {
    return (await this.list()).filter(({ form }) => shelfOf[form] === shelf);
  }

  async #told(change: Promise<WorkshopRecord>): Promise<WorkshopItem> {
    const item = toItem(await change);
    this.#onChange(await this.list());
    return item;
  }

  async #requireFree(name: string, { id, form }: WorkshopItem): Promise<void> {
    const other = (await this.#onShelf(shelfOf[form])).find((item) => isSameName(item.name, name));
    if (other === undefined || other.id === id) return;
    throw new AppError({
      code: 'bad-input',
      message: t('The name “{name}” is taken already.', { name: other.name }),
      hint: t('Choose another name.'),
    });
  }
}

function requireOwn(id: string): void {
  if (!isShipped(id)) return;
  throw new AppError({
    code: 'bad-input',
    message: t('What comes with the app can’t be changed.'),
    hint: t('Duplicate it, and change the copy.'),
  });
}

const toItem = ({ origin, ...record }: WorkshopRecord): WorkshopItem => ({
  ...record,
  does: origin,
  isOwn: true,
});
