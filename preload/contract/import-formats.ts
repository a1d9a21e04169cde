/** Owns the names of what can be imported and of what gets lost on the way. Free of zod, so that the page stays small. */
import { msg, type Message } from './language.js';

/** In the order in which a choice lists them. */
export const importFormats = {
  altiplano: msg('Altiplano'),
  'text-generation-webui': msg('text-generation-webui'),
  'silly-tavern': msg('SillyTavern'),
  'open-webui': msg('Open WebUI'),
  'lm-studio': msg('LM Studio'),
  jan: msg('Jan'),
  gpt4all: msg('GPT4All'),
  'llama-cpp': msg('llama.cpp'),
  'kobold-cpp': msg('KoboldCpp'),
  chatgpt: msg('ChatGPT'),
  claude: msg('Claude'),
  sharegpt: msg('ShareGPT'),
  openai: msg('OpenAI messages'),
  alpaca: msg('Alpaca'),
} as const satisfies Record<string, Message>;

export type ImportFormat = keyof typeof importFormats;
export const importFormatIds = Object.keys(importFormats) as [ImportFormat, ...ImportFormat[]];

/** Each with what became of it, in a sentence that says how many there are. */
export const lossKinds = {
  pictures: msg(
    '{count, plural, one {# picture or recording left out} other {# pictures or recordings left out}}',
  ),
  files: msg(
    '{count, plural, one {# attached file left out: the export has its name alone} other {# attached files left out: the export has their names alone}}',
  ),
  tools: msg('{count, plural, one {# use of a tool kept as text} other {# uses of tools kept as text}}'),
  systemMessages: msg(
    '{count, plural, one {# instruction in mid-chat kept as a message of yours} other {# instructions in mid-chat kept as messages of yours}}',
  ),
  hidden: msg(
    '{count, plural, one {# hidden message kept, marked to stay out of prompts} other {# hidden messages kept, marked to stay out of prompts}}',
  ),
  settings: msg(
    '{count, plural, one {# chat’s settings of its program left out} other {# chats’ settings of their program left out}}',
  ),
  notes: msg(
    '{count, plural, one {# note or world entry left out} other {# notes or world entries left out}}',
  ),
  repaired: msg(
    '{count, plural, one {# message in a broken place put where it fits} other {# messages in broken places put where they fit}}',
  ),
  unreadable: msg(
    '{count, plural, one {# message left out: it can’t be read} other {# messages left out: they can’t be read}}',
  ),
  encoding: msg(
    '{count, plural, one {# chat read as Windows-1252: it is not UTF-8} other {# chats read as Windows-1252: they are not UTF-8}}',
  ),
} as const satisfies Record<string, Message>;

export type LossKind = keyof typeof lossKinds;
export const lossKindIds = Object.keys(lossKinds) as [LossKind, ...LossKind[]];
