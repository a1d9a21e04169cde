/** Owns the settings as the page knows them; main keeps them. */
import type { Input } from '../../preload/contract/index.js';
import type { Settings } from '../../preload/contract/settings.js';
import { request } from '../services/api.js';
import { notices } from './notices.svelte.js';

const saveDelayMs = 250;

class SettingsStore {
  /** Until main has answered, what the page must know to draw itself. */
  value = $state<Settings>({
    language: 'system',
    theme: 'system',
    textSize: 100,
    welcomed: true,
    modelPath: null,
    templates: {},
    systemPrompt: '',
    contextSize: 0,
    threads: 0,
    gpuLayers: -1,
    draftModelPath: null,
    draftTokens: 4,
    idleUnloadMinutes: 30,
    promptCacheGigabytes: 4,
    kvType: 'f16',
    loweredLoads: {},
    hubEndpoint: '',
    measurements: [],
    vramBytes: null,
    offline: false,
    lookForUpdates: false,
    lookedForUpdatesAtMs: 0,
    downloadsAtOnce: 2,
    downloadMegabytesPerSecond: 0,
    sidebarOpen: true,
    pasteLongTextAsAttachment: true,
    chatOrder: 'used',
    apiOn: false,
    apiPort: 5005,
    apiLan: false,
    apiKeyHash: '',
    generateTitles: true,
    guardReplies: true,
    closedFolders: [],
    keys: {},
    lastExport: { format: 'markdown', branches: false, metadata: true, target: 'file' },
    comparison: { columns: [], contestants: [] },
    recentCommands: [],
    readingPlaces: {},
    presetId: null,
    personaId: null,
    sampling: {},
    modelLevels: {},
  });
  #pending: NonNullable<Input<'settings.set'>> = {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  async load(): Promise<void> {
    this.value = await request('settings.get');
  }

  /** Applies at once and saves a moment later, so that a slider in motion writes once. */
  set(values: NonNullable<Input<'settings.set'>>): void {
    Object.assign(this.value, $state.snapshot(values));
    Object.assign(this.#pending, $state.snapshot(values));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), saveDelayMs);
  }

  /** Saves what waits now. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    const values = this.#pending;
    this.#pending = {};
    if (Object.keys(values).length > 0) await notices.guard(request('settings.set', values));
  }
}

export const settings = new SettingsStore();
