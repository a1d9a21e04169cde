/** Owns what a character and a persona add to a prompt: who they are, what they know, how they talk; sends nothing. */
import { usualChatCommand, usualNames } from '../../preload/contract/character-limits.js';
import type { Card, Persona } from '../../preload/contract/characters.js';
import type { Chat } from '../../preload/contract/chats.js';
import type { ChatPrompt, PromptMessage } from '../../preload/contract/engine.js';
import { expandMacros, type Names } from '../../preload/contract/macros.js';
import { loreOf } from './lorebook.js';

/** Who talks in a chat. */
export type Cast = {
  readonly card: Card | null;
  readonly persona: Pick<Persona, 'name' | 'description'> | null;
};

export const nobody: Cast = { card: null, persona: null };

export type CastChat = Pick<Chat, 'id' | 'mode' | 'chatCommand'>;

function namesOf({ card, persona }: Cast): Names {
  return {
    char: card === null ? usualNames.char : card.nickname?.trim() || card.name,
    user: persona?.name ?? usualNames.user,
  };
}

/**
 * What a character may begin with, its macros filled in: the message says what was said to this persona, whoever the
 * user is later, and chance has chosen its words once. The card keeps the macros.
 * @param seed the chat's id
 */
export function greetingsOf(cast: Cast, seed: string): string[] {
  const { card } = cast;
  if (card === null) return [];
  return [card.first_mes, ...card.alternate_greetings]
    .filter((greeting) => greeting.trim() !== '')
    .map((greeting) => expandMacros(greeting, namesOf(cast), seed).trim());
}

/**
 * The prompt of a chat with a character, a persona or names. A character’s own system prompt takes the place of the one in
 * force, which it may quote by `{{original}}`, but not of one that the chat itself has. What a card says after the
 * history stands at the end of the user's last message: few templates have another place there.
 * @param systemPrompt the one in force
 */
export function castPrompt(
  chat: CastChat,
  cast: Cast,
  turns: readonly PromptMessage[],
  systemPrompt: { readonly text: string; readonly isOfChat: boolean },
): Pick<ChatPrompt, 'messages' | 'dialogue'> {
  const { card, persona } = cast;
  const names = namesOf(cast);
  const expand = (text: string, original?: string) => expandMacros(text, names, chat.id, original).trim();
  const ownPrompt = systemPrompt.isOfChat ? '' : (card?.system_prompt ?? '');
  const book = card?.character_book;
  const lore =
    book === undefined
      ? { before: [], after: [] }
      : loreOf(
          book,
          turns.map(({ text }) => text),
          expand,
        );
  const system = [
    ownPrompt.trim() === '' ? expand(systemPrompt.text) : expand(ownPrompt, systemPrompt.text),
    ...lore.before,
    ...(card === null ? [] : describe(card, names, expand)),
    ...lore.after,
    ...(persona === null || persona.description.trim() === ''
      ? []
      : // eslint-disable-next-line altiplano/no-loose-text -- said to the model
        [labelled(`About ${names.user}`, expand(persona.description))]),
    ...(card === null ? [] : examples(card, names, expand)),
  ].filter((part) => part !== '');
  const last = expand(card?.post_history_instructions ?? '');
  const isHeard = turns.some(({ role, isOpen }) => role === 'user' && isOpen !== true);
  return {
    messages: [
      ...systemTurn([...system, ...(isHeard || last === '' ? [] : [last])].join('\n\n')),
      ...withLast(turns, last),
    ],
    ...(chat.mode === 'instruct' ? {} : { dialogue: { ...dialogueOf(chat, names) } }),
  };
}

/** No turn for an empty system prompt, so that the template's own default applies. */
export function systemTurn(text: string): PromptMessage[] {
  return text.trim() === '' ? [] : [{ role: 'system', text }];
}

function dialogueOf(chat: CastChat, names: Names): NonNullable<ChatPrompt['dialogue']> {
  const command = chat.chatCommand.trim() === '' ? usualChatCommand : chat.chatCommand;
  return { user: names.user, assistant: names.char, command: chat.mode === 'chat' ? null : command };
}

const labelled = (label: string, text: string) => `${label}: ${text}`;

type Expand = (text: string) => string;

function describe(card: Card, { char }: Names, expand: Expand): string[] {
  const [personality, scenario] = [expand(card.personality), expand(card.scenario)];
  return [
    expand(card.description),
    personality === '' ? '' : labelled(`${char}’s personality`, personality),
    scenario === '' ? '' : labelled('Scenario', scenario),
  ];
}

/** The blocks between the marks `<START>`, each a dialogue of its own. */
function examples(card: Card, { char }: Names, expand: Expand): string[] {
  const blocks = expand(card.mes_example)
    .split(/<START>/i)
    .map((block) => block.trim())
    .filter((block) => block !== '');
  // eslint-disable-next-line altiplano/no-loose-text -- said to the model
  return blocks.length === 0 ? [] : [`How ${char} talks:\n\n${blocks.join('\n\n')}`];
}

function withLast(turns: readonly PromptMessage[], last: string): readonly PromptMessage[] {
  // What the model writes in the user's name is not closed yet.
  const at = turns.map(({ role, isOpen }) => role === 'user' && isOpen !== true).lastIndexOf(true);
  if (last === '' || at < 0) return turns;
  return turns.map((turn, index) =>
    index === at ? { ...turn, text: turn.text === '' ? last : `${turn.text}\n\n${last}` } : turn,
  );
}
