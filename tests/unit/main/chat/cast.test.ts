/** The prompt of a chat with a character and a persona. */
import { expect, test } from 'vitest';
import { greetingsOf, type Cast } from '../../../../main/chat/cast.js';
import {
  newConversation,
  promptForReply,
  promptUpTo,
  type Conversation,
} from '../../../../main/chat/prompt.js';
import { cardSchema } from '../../../../preload/contract/characters.js';

const quilla = {
  name: 'Quilla the weaver',
  nickname: 'Quilla',
  description: '{{char}} weaves.',
  personality: 'Dry.',
  scenario: '{{user}} is wet.',
  first_mes: 'Come in, {{user}}.',
  alternate_greetings: ['', '{{random:Sit,Stand}}, {{user}}.'],
  mes_example: '<START>\n{{user}}: Hi\n{{char}}: Wool.\n<START>\n{{char}}: Rain.',
};
const cast = (card: object, persona: Cast['persona'] = null): Cast => ({
  card: cardSchema.parse({ ...quilla, ...card }),
  persona,
});
const ana = { name: 'Ana', description: '{{user}} walks.' };
const said = (
  conversation: Partial<Conversation['chat']> & { readonly cast: Cast },
  texts: readonly string[],
): Conversation => {
  const { cast: who, ...chat } = conversation;
  return {
    cast: who,
    chat: { ...newConversation.chat, id: 'chat', ...chat },
    messages: texts.map((text, index) => ({
      id: String(index),
      role: index % 2 === 0 ? ('assistant' as const) : ('user' as const),
      text,
      inclusion: 'auto' as const,
    })),
  };
};
const lines = (prompt: ReturnType<typeof promptUpTo>) =>
  prompt.messages.map(({ role, text }) => `${role}: ${text}`);

test('the system prompt has all that the card says, in order, with the names', () => {
  const prompt = promptForReply(
    said({ cast: cast({}, ana) }, ['Come in, Ana.']),
    '0',
    'Hello',
    'Be kind to {{user}}.',
  );
  expect(lines(prompt)).toEqual([
    `system: Be kind to Ana.

Quilla weaves.

Quilla’s personality: Dry.

Scenario: Ana is wet.

About Ana: Ana walks.

How Quilla talks:

Ana: Hi
Quilla: Wool.

Quilla: Rain.`,
    'assistant: Come in, Ana.',
    'user: Hello',
  ]);
  expect(prompt.dialogue).toBeUndefined();
});

test('what people wrote stays as it is, and a chat without a cast is as ever', () => {
  const prompt = promptForReply(said({ cast: cast({}) }, ['Hm']), '0', 'What is {{char}}?', '');
  expect(lines(prompt).at(-1)).toBe('user: What is {{char}}?');
  expect(lines(promptForReply(newConversation, null, '{{char}}', 'As {{user}}'))).toEqual([
    'system: As {{user}}',
    'user: {{char}}',
  ]);
});

test('the character’s system prompt takes the place of the one in force, not of the chat’s own', () => {
  const own = cast({
    description: '',
    personality: '',
    scenario: '',
    mes_example: '',
    system_prompt: 'You are {{char}}. {{original}}',
  });
  const first = (level: Conversation['chat']['level']) =>
    lines(promptUpTo(said({ cast: own, level }, ['Hm']), '0', 'Be kind.'))[0];
  const { level } = newConversation.chat;
  expect(first(level)).toBe('system: You are Quilla. Be kind.');
  expect(first({ ...level, systemPrompt: 'Be kind.' })).toBe('system: Be kind.');
});

test('instructions after the history end the user’s last message, also where its reply goes on', () => {
  const with_ = cast({ post_history_instructions: 'As {{char}}.' });
  const conversation = said({ cast: with_ }, ['Hm', 'Hello', 'Wool']);
  expect(lines(promptUpTo(conversation, '1', '')).slice(1)).toEqual([
    'assistant: Hm',
    'user: Hello\n\nAs Quilla.',
  ]);
  expect(lines(promptUpTo(conversation, '2', '')).slice(2)).toEqual([
    'user: Hello\n\nAs Quilla.',
    'assistant: Wool',
  ]);
  expect(lines(promptUpTo(said({ cast: with_ }, ['Hm']), '0', '')).at(0)).toMatch(/As Quilla\.$/);
});

test('a lorebook is searched in the conversation and in the draft', () => {
  const book = {
    entries: [
      { keys: ['lake'], content: '{{char}} fears the lake.' },
      { keys: ['hat'], content: 'The hat is red.', position: 'after_char' },
    ],
  };
  const prompt = promptForReply(
    said({ cast: cast({ character_book: book }) }, ['My hat!']),
    '0',
    'The lake?',
    '',
  );
  const [system] = lines(prompt);
  expect(system).toMatch(/^system: Quilla fears the lake\.\n\nQuilla weaves\./);
  expect(system).toMatch(/Scenario: You is wet\.\n\nThe hat is red\./);
});

test('the modes with names say whose lines they are', () => {
  const prompt = (mode: 'chat' | 'chat-instruct', chatCommand = '') =>
    promptUpTo(said({ cast: cast({}, ana), mode, chatCommand }, ['Hm']), '0', '').dialogue;
  expect(prompt('chat')).toEqual({ user: 'Ana', assistant: 'Quilla', command: null });
  expect(prompt('chat-instruct')?.command).toContain('<|prompt|>');
  expect(prompt('chat-instruct', 'Go: <|prompt|>')?.command).toBe('Go: <|prompt|>');
  const nobody = said({ cast: { card: null, persona: null }, mode: 'chat' }, ['Hm']);
  expect(promptUpTo(nobody, '0', '').dialogue).toMatchObject({ user: 'You', assistant: 'AI' });
});

test('greetings are what was said to this persona; empty ones are none', () => {
  const [first, second, ...more] = greetingsOf(cast({}, ana), 'chat');
  expect(first).toBe('Come in, Ana.');
  expect(second).toMatch(/^(Sit|Stand), Ana\.$/);
  expect(more).toEqual([]);
  expect(greetingsOf({ card: null, persona: ana }, 'chat')).toEqual([]);
});
