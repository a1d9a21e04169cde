/** Owns the list of presets as the page knows it, and what is asked of main about them. */
import { t } from '../../preload/contract/language.js';
import type { PresetValues } from '../../preload/contract/preset-values.js';
import type { ImportedPreset, Preset } from '../../preload/contract/presets.js';
import { on, request } from '../services/api.js';
import { notices } from './notices.svelte.js';

class Presets {
  list = $state.raw<readonly Preset[]>([]);

  async start(): Promise<void> {
    on('presets.changed', (list) => (this.list = list));
    this.list = await request('presets.list');
  }

  /** Undefined for one that is gone. */
  find(id: string | null): Preset | undefined {
    return this.list.find((preset) => preset.id === id);
  }

  create(name: string, values: PresetValues): Promise<Preset | undefined> {
    return notices.guard(request('presets.create', { name, values }));
  }

  setValues(id: string, values: PresetValues): Promise<Preset | undefined> {
    return notices.guard(request('presets.setValues', { id, values }));
  }

  rename(id: string, name: string): Promise<Preset | undefined> {
    return notices.guard(request('presets.rename', { id, name }));
  }

  duplicate(id: string): Promise<Preset | undefined> {
    return notices.guard(request('presets.duplicate', { id }));
  }

  async delete({ id, name, does, values }: Preset): Promise<void> {
    const done = await notices.guard(request('presets.delete', { id }).then(() => true));
    if (done === undefined) return;
    const deleted = { id, name, does, values };
    notices.done(t('Deleted the preset “{name}”', { name }), () => {
      void notices.guard(request('presets.restore', deleted));
    });
  }

  async import(): Promise<readonly ImportedPreset[]> {
    return (await notices.guard(request('presets.import'))) ?? [];
  }

  async export({ id }: Preset): Promise<void> {
    const path = await notices.guard(request('presets.export', { id }));
    if (typeof path === 'string') notices.done(t('Exported to {path}', { path }));
  }
}

export const presets = new Presets();
