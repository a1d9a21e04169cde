/** Owns the presets that come with the app; they can't be changed. */
import { shippedPresetSchema, type Preset } from '../../preload/contract/presets.js';
import list from '../../resources/presets/presets.json';

/** Ids of shipped presets begin with it; what follows is the name. */
const prefix = 'shipped:';

export const shippedPresets: readonly Preset[] = shippedPresetSchema
  .array()
  .parse(list)
  .map((preset) => ({ ...preset, id: `${prefix}${preset.name}` }));

export const isShipped = (id: string): boolean => id.startsWith(prefix);
