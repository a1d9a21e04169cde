/** Owns the list of settings and parameters that can be jumped to by their names; each names an element of its view. */
import { t } from '../../preload/contract/language.js';
import { parameterGroups } from './parameters.js';

export type Place = {
  readonly label: string;
  readonly tab: 'Parameters' | 'Settings';
  /** The id of an element in that view. */
  readonly anchor: string;
};

const setting = (label: string, anchor: string): Place => ({ label, tab: 'Settings', anchor });
const parameter = (label: string, anchor: string): Place => ({ label, tab: 'Parameters', anchor });

export const places: readonly Place[] = [
  setting(t('Theme'), 'theme'),
  setting(t('Language'), 'language'),
  setting(t('Text size'), 'text-size'),
  setting(t('Unload the model when it rests'), 'memory'),
  setting(t('Let the model name new chats'), 'chat-names'),
  setting(t('Stop a reply that repeats itself or speaks as you'), 'guard'),
  setting(t('Prompt cache'), 'prompt-cache'),
  setting(t('Local API for other programs'), 'api'),
  setting(t('Network: what goes out, and offline'), 'network'),
  setting(t('Keyboard: change the keys'), 'keyboard'),
  setting(t('Backups of the chats'), 'backups'),
  setting(t('When something goes wrong'), 'trouble'),
  setting(t('Data folder'), 'data-folder'),
  setting(t('New versions of Altiplano'), 'updates'),
  parameter(t('System prompt'), 'system'),
  parameter(t('Context size'), 'contextSize'),
  parameter(t('Threads'), 'threads'),
  parameter(t('Layers on the GPU'), 'gpuLayers'),
  parameter(t('KV cache type'), 'kvType'),
  parameter(t('Draft model'), 'draftModel'),
  ...parameterGroups
    .flatMap(({ parameters }) => parameters)
    .map(({ name }) => parameter(name, `parameter-${name}`)),
];
