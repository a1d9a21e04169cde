/** Owns the names of what can be imported and of what gets lost on the way. Free of zod, so that the page stays small. */

/** In the order in which a choice lists them. */
export const importFormats = {
  altiplano: 'Altiplano',
  'text-generation-webui': 'text-generation-webui',
  'silly-tavern': 'SillyTavern',
  'open-webui': 'Open WebUI',
  'lm-studio': 'LM Studio',
  jan: 'Jan',
  gpt4all: 'GPT4All',
  'llama-cpp': 'llama.cpp',
  'kobold-cpp': 'KoboldCpp',
  chatgpt: 'ChatGPT',
  claude: 'Claude',
  sharegpt: 'ShareGPT',
  openai: 'OpenAI messages',
  alpaca: 'Alpaca',
} as const;

export type ImportFormat = keyof typeof importFormats;
export const importFormatIds = Object.keys(importFormats) as [ImportFormat, ...ImportFormat[]];

/** Each with what became of it, as the end of a sentence that begins with how many there are. */
export const lossKinds = {
  pictures: ['picture or recording left out', 'pictures or recordings left out'],
  files: [
    'attached file left out: the export has its name alone',
    'attached files left out: the export has their names alone',
  ],
  tools: ['use of a tool kept as text', 'uses of tools kept as text'],
  systemMessages: [
    'instruction in mid-chat kept as a message of yours',
    'instructions in mid-chat kept as messages of yours',
  ],
  hidden: [
    'hidden message kept, marked to stay out of prompts',
    'hidden messages kept, marked to stay out of prompts',
  ],
  settings: ['chat’s settings of its program left out', 'chats’ settings of their program left out'],
  notes: ['note or world entry left out', 'notes or world entries left out'],
  repaired: ['message in a broken place put where it fits', 'messages in broken places put where they fit'],
  unreadable: ['message left out: it can’t be read', 'messages left out: they can’t be read'],
  encoding: ['chat read as Windows-1252: it is not UTF-8', 'chats read as Windows-1252: they are not UTF-8'],
} as const satisfies Record<string, readonly [one: string, many: string]>;

export type LossKind = keyof typeof lossKinds;
export const lossKindIds = Object.keys(lossKinds) as [LossKind, ...LossKind[]];
