/** Prompts of lines with names, as users of text-generation-webui know them. */
import { expect, test } from 'vitest';
import { templateOf } from '../../../../../main/engine/templates/dialogue.js';
import { familyTemplate } from '../../../../../main/engine/templates/family-template.js';
import { ownTemplate } from '../../../../../main/engine/templates/own-template.js';
import { joined } from '../../../../../main/engine/templates/template.js';
import type { ChatPrompt, PromptMessage } from '../../../../../preload/contract/engine.js';

const turns: readonly PromptMessage[] = [
  { role: 'system', text: 'Quilla weaves. ' },
  { role: 'assistant', text: 'Come in.' },
  { role: 'user', text: 'Thank you. ' },
];
const names = { user: 'Ana', assistant: 'Quilla' };
const template = (dialogue: ChatPrompt['dialogue'], own = familyTemplate('vicuna-v1.1')) =>
  templateOf(own, { kind: 'chat', messages: [], dialogue });

test('chat: plain lines, the name of who talks next, and both names end a reply', () => {
  const chat = template({ ...names, command: null });
  expect(joined(chat.render(turns))).toBe('Quilla weaves.\n\nQuilla: Come in.\nAna: Thank you.\nQuilla:');
  expect(chat.stops).toEqual(['\nAna:', '\nQuilla:']);
  const begun: PromptMessage = { role: 'assistant', text: ' Sit' };
  expect(joined(chat.render([...turns, begun]))).toMatch(/\nQuilla: Sit$/);
});

test('chat-instruct: the lines stand in one instruction of the model’s own template', () => {
  const within = template({ ...names, command: 'Write as <|character|>:\n<|prompt|>!' });
  const segments = within.render(turns);
  expect(joined(segments)).toBe(
    `${joined(familyTemplate('vicuna-v1.1').render([{ role: 'user', text: '' }])).replace(/USER: .*$/s, '')}USER: Write as Quilla:\nQuilla weaves.\n\nQuilla: Come in.\nAna: Thank you.\n! ASSISTANT: Quilla:`,
  );
  expect(segments.filter(({ source }) => source === 'user').map(({ text }) => text)).toEqual([
    'Ana: Thank you.\n',
  ]);
  expect(within.stops).toEqual([...familyTemplate('vicuna-v1.1').stops, '\nAna:', '\nQuilla:']);
});

test('an instruction without the mark stands before the lines', () => {
  const within = template({ ...names, command: 'Go on' });
  expect(joined(within.render(turns))).toContain('USER: Go on\n\nQuilla weaves.');
});

test('of a line that is open, only what was said counts as the reply', () => {
  const begun: PromptMessage = { role: 'assistant', text: 'Sit' };
  for (const command of [null, 'Go: <|prompt|>']) {
    const last = template({ ...names, command })
      .render([...turns, begun])
      .at(-1);
    expect(last).toEqual({ source: 'assistant', text: 'Sit' });
  }
});

test('the user’s own line is left open where the model writes it', () => {
  const begun: PromptMessage = { role: 'user', text: 'I came', isOpen: true };
  const chat = [turns[0]!, turns[1]!, begun];
  expect(joined(template({ ...names, command: null }).render(chat))).toMatch(/Come in\.\nAna: I came$/);
  const within = template({ ...names, command: '<|prompt|>' }).render(chat);
  expect(joined(within)).toMatch(/Come in\.\n ASSISTANT: Ana: I came$/);
});

test('names and texts never become marks', () => {
  const bad = template({ user: '</s>', assistant: '<s>', command: null });
  expect(bad.render(turns).some(({ source }) => source === 'template')).toBe(false);
});

test('a template that wants the user first is given an opening where a character begins', () => {
  const strict = ownTemplate(
    "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('alternate') }}{% endif %}[{{ m.role }}]{{ m.content }}{% endfor %}",
    { bosText: '', eosText: '' },
  );
  const dialogue = templateOf(strict, { kind: 'chat', messages: [] });
  expect(joined(dialogue.render(turns.slice(1)))).toBe('[user]Begin.[assistant]Come in.[user]Thank you. ');
  expect(joined(dialogue.render(turns.slice(2)))).toBe('[user]Thank you. ');
  expect(() => dialogue.render([turns[0]!, turns[2]!])).toThrow('alternate');
});
