/** Owns what is in force for the open chat, and changes of a level; which level wins is decided in the contract. */
import { t } from '../../preload/contract/language.js';
import {
  emptyLevel,
  levelNames,
  resolve,
  upTo,
  withoutIdle,
  type InForce,
  type Level,
  type LevelName,
  type Levels as LevelRecords,
} from '../../preload/contract/levels.js';
import { presetParameters, type PresetValues } from '../../preload/contract/preset-values.js';
import { neutralSampling, type Sampling } from '../../preload/contract/parameters.js';
import { models } from './models.svelte.js';
import { notices } from './notices.svelte.js';
import { presets } from './presets.svelte.js';
import { settings } from './settings.svelte.js';
import { thread } from './thread.svelte.js';

export const levelLabels: Readonly<Record<LevelName, string>> = {
  everywhere: t('Everywhere'),
  model: t('This model'),
  chat: t('This chat'),
};

const valuesOf = (id: string): PresetValues | undefined => presets.find(id)?.values;

class Levels {
  #chosen = $state<LevelName | null>(null);
  readonly #records = $derived.by((): LevelRecords => {
    const { presetId, systemPrompt, sampling, modelLevels } = settings.value;
    return {
      everywhere: { presetId, systemPrompt, sampling: $state.snapshot(sampling) },
      model: $state.snapshot(modelLevels[this.modelPath]) ?? emptyLevel,
      chat: thread.level,
    };
  });
  /** For the open chat. */
  readonly inForce: InForce = $derived(resolve(this.#records, valuesOf));
  /** For the notebook, which belongs to no chat. */
  readonly outsideChats: InForce = $derived(resolve(upTo(this.#records, 'model'), valuesOf));

  /** '' without a model. */
  get modelPath(): string {
    const path = 'path' in models.status ? models.status.path : null;
    return path ?? settings.value.modelPath ?? '';
  }

  /** The level that changes go to: the open chat, as long as none is chosen. */
  get editing(): LevelName {
    const chosen = this.#chosen ?? (thread.chatId === null ? 'everywhere' : 'chat');
    return chosen === 'model' && this.modelPath === '' ? 'everywhere' : chosen;
  }

  set editing(level: LevelName) {
    this.#chosen = level;
  }

  own(level: LevelName): Level {
    return this.#records[level];
  }

  /** What holds with this level and those below it. */
  at(level: LevelName): InForce {
    return resolve(upTo(this.#records, level), valuesOf);
  }

  /** What would hold with nothing set by hand on this level. */
  under(level: LevelName): InForce {
    const records = { ...this.#records, [level]: { ...this.#records[level], sampling: {} } };
    return resolve(upTo(records, level), valuesOf);
  }

  /** What would hold if this level said nothing at all. */
  below(level: LevelName): InForce {
    return resolve(upTo({ ...this.#records, [level]: emptyLevel }, level), valuesOf);
  }

  /** The levels above this one that set the value of the open chat instead. */
  overrides(name: keyof Sampling, level: LevelName): boolean {
    const origin = this.inForce.origins[name].level;
    return origin !== 'default' && levelNames.indexOf(origin) > levelNames.indexOf(level);
  }

  change(level: LevelName, change: Partial<Level>): void {
    const next = { ...this.own(level), ...change };
    if (level === 'chat') thread.setOptions({ level: next });
    else if (level === 'everywhere') settings.set({ ...next, systemPrompt: next.systemPrompt ?? '' });
    else
      settings.set({
        modelLevels: { ...$state.snapshot(settings.value.modelLevels), [this.modelPath]: next },
      });
  }

  /** Like `change`, and tells it, with a way back. */
  replace(level: LevelName, change: Partial<Level>, done: string): void {
    const before = this.own(level);
    this.change(level, change);
    notices.done(done, () => this.change(level, before));
  }

  /** Sets several parameters by hand; what holds without them anyway is not set. */
  set(level: LevelName, values: Partial<Sampling>, done: string): void {
    const sampling = withoutIdle({ ...this.own(level).sampling, ...values }, this.under(level).sampling);
    this.replace(level, { sampling }, done);
  }

  /** Every sampler to the value that changes nothing. */
  neutralise(level: LevelName): void {
    const neutral = withoutIdle(neutralSampling(this.at(level).sampling), this.under(level).sampling);
    this.replace(level, { sampling: neutral }, t('All samplers neutral'));
  }

  /** Takes back all that is set on a level, and its preset. */
  resetAll(level: LevelName): void {
    this.replace(level, { presetId: null, sampling: {} }, t('All parameters reset'));
  }

  /** A preset takes the place of the samplers that were set by hand on its level. @param id null = none */
  choosePreset(level: LevelName, id: string | null): void {
    const name = presets.find(id)?.name;
    this.replace(
      level,
      { presetId: id, sampling: withoutSamplers(this.own(level).sampling) },
      name === undefined
        ? t(
            'No preset is chosen: {level, select, everywhere {everywhere} model {this model} other {this chat}}',
            { level },
          )
        : t(
            '{name} is chosen: {level, select, everywhere {everywhere} model {this model} other {this chat}}',
            { name, level },
          ),
    );
  }

  /** Takes back what was changed by hand over the preset. */
  revert(level: LevelName): void {
    this.replace(level, { sampling: withoutSamplers(this.own(level).sampling) }, t('Changes taken back'));
  }
}

/** What of the values is none of a preset's. */
export function withoutSamplers(values: Partial<Sampling>): Partial<Sampling> {
  const rest = Object.entries(values).filter(([name]) => !presetParameters.includes(name as keyof Sampling));
  return Object.fromEntries(rest) as Partial<Sampling>;
}

export const levels = new Levels();
