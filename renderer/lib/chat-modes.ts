/** Owns how the modes of a chat are called and what each does, in words. */
import { t } from '../../preload/contract/language.js';
import type { ChatMode } from '../../preload/contract/character-limits.js';

export const modeLabels: Readonly<Record<ChatMode, string>> = {
  instruct: 'instruct',
  'chat-instruct': 'chat-instruct',
  chat: 'chat',
};

export const modeDoes: Readonly<Record<ChatMode, string>> = {
  instruct: t(
    'Turns by the model’s own template, the character in the system prompt. For models that were trained to chat.',
  ),
  'chat-instruct': t('The dialogue, with names, inside one instruction: write the next reply.'),
  chat: t('Plain lines with names, without a template. For base models, and for a looser tone.'),
};
