/** Owns the list of settings and parameters that can be jumped to by their names; each names an element of its view. */
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
  setting('Theme', 'theme'),
  setting('Text size', 'text-size'),
  setting('Unload the model when it rests', 'memory'),
  setting('Let the model name new chats', 'chat-names'),
  setting('Stop a reply that repeats itself or speaks as you', 'guard'),
  setting('Prompt cache', 'prompt-cache'),
  setting('Local API for other programs', 'api'),
  setting('Network: what goes out, and offline', 'network'),
  setting('Keyboard: change the keys', 'keyboard'),
  setting('Backups of the chats', 'backups'),
  setting('When something goes wrong', 'trouble'),
  setting('Data folder', 'data-folder'),
  parameter('System prompt', 'system'),
  parameter('Context size', 'contextSize'),
  parameter('Threads', 'threads'),
  parameter('Layers on the GPU', 'gpuLayers'),
  parameter('KV cache type', 'kvType'),
  parameter('Draft model', 'draftModel'),
  ...parameterGroups
    .flatMap(({ parameters }) => parameters)
    .map(({ name }) => parameter(name, `parameter-${name}`)),
];
