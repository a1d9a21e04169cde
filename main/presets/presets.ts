/** Owns the presets as the user sees them, the shipped ones and the own ones together; never what their values mean. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import type { PresetValues } from '../../preload/contract/preset-values.js';
import type { ImportedPreset, Preset } from '../../preload/contract/presets.js';
import type { Database } from '../db/client.js';
import type { PresetRecord } from '../db/presets.js';
import { freeName, isSameName } from './names.js';
import { isShipped, shippedPresets } from './shipped.js';
import { readPresetYaml } from './yaml.js';

export type PresetsOptions = {
  readonly db: Pick<
    Database,
    'listPresets' | 'createPreset' | 'setPresetValues' | 'renamePreset' | 'removePreset'
  >;
  /** Told of the whole list after each change. */
  readonly onChange: (list: readonly Preset[]) => void;
};

export class Presets {
  readonly #db: PresetsOptions['db'];
  readonly #onChange: PresetsOptions['onChange'];

  constructor({ db, onChange }: PresetsOptions) {
    this.#db = db;
    this.#onChange = onChange;
  }

  /** The shipped ones first, then the own ones by name. */
  async list(): Promise<Preset[]> {
    return [...shippedPresets, ...(await this.#db.listPresets()).map(toPreset)];
  }

  /** @throws AppError `not-found` */
  async find(id: string): Promise<Preset> {
    const found = (await this.list()).find((preset) => preset.id === id);
    if (found !== undefined) return found;
    throw new AppError({ code: 'not-found', message: t('This preset no longer exists.') });
  }

  /** @throws AppError `bad-input` when the name is taken */
  async create(name: string, values: PresetValues, origin = ''): Promise<Preset> {
    await this.#requireFree(name);
    return this.#told(this.#db.createPreset({ name, values, origin }));
  }

  async setValues(id: string, values: PresetValues): Promise<Preset> {
    requireOwn(id);
    return this.#told(this.#db.setPresetValues(id, values));
  }

  async rename(id: string, name: string): Promise<Preset> {
    requireOwn(id);
    await this.#requireFree(name, id);
    return this.#told(this.#db.renamePreset(id, name));
  }

  async duplicate(id: string): Promise<Preset> {
    const { name, values } = await this.find(id);
    return this.create(await this.#freeName(name), values, t('A copy of {name}.', { name }));
  }

  async remove(id: string): Promise<void> {
    requireOwn(id);
    await this.#db.removePreset(id);
    this.#onChange(await this.list());
  }

  /** Brings back one that was deleted. @throws AppError `bad-input` when its name is taken by now */
  async restore({ id, name, values, does }: Omit<Preset, 'group'>): Promise<Preset> {
    requireOwn(id);
    await this.#requireFree(name);
    return this.#told(this.#db.createPreset({ id, name, values, origin: does }));
  }

  /** Makes a preset of a file of text-generation-webui; one whose name is taken gets another. */
  async importFile(name: string, text: string): Promise<ImportedPreset> {
    const { values, problems } = readPresetYaml(name, text);
    const preset = await this.create(
      await this.#freeName(name),
      values,
      t('Imported from {file}.', { file: `${name}.yaml` }),
    );
    return { preset, problems: [...problems] };
  }

  async #told(change: Promise<PresetRecord>): Promise<Preset> {
    const preset = toPreset(await change);
    this.#onChange(await this.list());
    return preset;
  }

  async #freeName(name: string): Promise<string> {
    return freeName(
      name,
      (await this.list()).map((preset) => preset.name),
    );
  }

  /** @param id the preset that may keep the name */
  async #requireFree(name: string, id?: string): Promise<void> {
    const other = (await this.list()).find((preset) => isSameName(preset.name, name));
    if (other === undefined || other.id === id) return;
    throw new AppError({
      code: 'bad-input',
      message: t('There is a preset named “{name}” already.', { name: other.name }),
      hint: t('Choose another name.'),
    });
  }
}

function requireOwn(id: string): void {
  if (!isShipped(id)) return;
  throw new AppError({
    code: 'bad-input',
    message: t('The presets that come with the app can’t be changed.'),
    hint: t('Duplicate it, and change the copy.'),
  });
}

const toPreset = ({ origin, ...record }: PresetRecord): Preset => ({ ...record, group: null, does: origin });
