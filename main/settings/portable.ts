/** Owns which settings go to another machine with a backup, and what becomes of those that name models by their paths. Pure. */
import type { Settings } from '../../preload/contract/settings.js';
import { parseSettings } from './values.js';

/** Of a machine and of who may use it; they neither go out nor come in. Secrets are not among the settings at all. */
const machineSettings = [
  ...(['draftModelPath', 'contextSize', 'threads', 'gpuLayers', 'kvType', 'loweredLoads'] as const),
  ...(['promptCacheGigabytes', 'measurements', 'vramBytes', 'hubEndpoint'] as const),
  ...(['apiOn', 'apiPort', 'apiLan', 'apiKeyHash', 'offline', 'sidebarOpen'] as const),
  ...(['lookForUpdates', 'lookedForUpdatesAtMs'] as const),
] satisfies readonly (keyof Settings)[];

export function portableSettings(settings: Settings): Record<string, unknown> {
  const stays: ReadonlySet<string> = new Set(machineSettings);
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !stays.has(name)));
}

/**
 * The values to take of settings that come from another machine. Each that does not fit is left as it is here.
 * @param pathHere where a model is on this machine; null = nowhere
 */
export function settingsFromElsewhere(
  values: Readonly<Record<string, unknown>>,
  pathHere: (path: string) => string | null,
): Partial<Settings> {
  const known = portableSettings(parseSettings({ ...values }));
  const taken = Object.fromEntries(
    Object.entries(known).filter(([name]) => name in values),
  ) as Partial<Settings>;
  const { modelPath, templates, modelLevels, ...others } = taken;
  // What is said of a model that is not here stays under its old path.
  const moved = <T>(byPath: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(byPath).map(([path, value]) => [pathHere(path) ?? path, value]));
  const model = modelPath == null ? null : pathHere(modelPath);
  return {
    ...others,
    ...(model === null ? {} : { modelPath: model }),
    ...(templates === undefined ? {} : { templates: moved(templates) }),
    ...(modelLevels === undefined ? {} : { modelLevels: moved(modelLevels) }),
  };
}
