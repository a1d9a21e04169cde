/** What of a conversation is sent to a server, in each way of talking. */
import { expect, test } from 'vitest';
import { familyTemplate } from '../../../../main/engine/templates/family-template.js';
import { fitForServer, type Writing } from '../../../../main/remote/sent-prompt.js';
import { TokenEstimate } from '../../../../main/remote/token-estimate.js';
import type { ChatPrompt } from '../../../../preload/contract/engine.js';

const writing: Writing = {
  ...{ host: 'box', template: familyTemplate('vicuna-v1.1'), bosText: '', mode: 'messages' },
  ...{ completes: false, contextSize: 2048, estimate: new TokenEstimate() },
};
const messages: ChatPrompt['messages'] = [
  { role: 'system', text: 'Ana is a shepherd.' },
  { role: 'user', text: 'Hello!' },
  { role: 'assistant', text: 'Hi.' },
  { role: 'user', text: 'Where are they?' },
];
const names = { user: 'Sam', assistant: 'Ana' };
const sent = (change: Partial<Writing>, prompt: Partial<ChatPrompt> = {}) =>
  fitForServer({ ...writing, ...change }, { kind: 'chat', messages, ...prompt }, 0).sent;

test('turns are messages, neighbours of one side as one, and an empty reply is none', () => {
  const added: ChatPrompt['messages'] = [
    ...messages,
    { role: 'user', text: 'And the dogs?' },
    { role: 'assistant', text: '' },
  ];
  expect(sent({}, { messages: added })).toMatchObject({
    isOpen: false,
    messages: [
      ...messages.slice(0, 3).map(({ role, text }) => ({ role, content: text })),
      { role: 'user', content: 'Where are they?\n\nAnd the dogs?' },
    ],
  });
});

test('lines with names inside an instruction are one message, and end at the next name', () => {
  const dialogue = { ...names, command: 'Continue:\n<|prompt|>' };
  const told = sent({}, { dialogue });
  expect(told).toMatchObject({ kind: 'messages', isOpen: true, stops: ['\nSam:', '\nAna:'] });
  expect(told.kind === 'messages' && told.messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
  expect(JSON.stringify(told)).toContain('Sam: Where are they?');
});

test('lines alone go as text where that can be, else as the turns that they are', () => {
  const dialogue = { ...names, command: null };
  expect(sent({ completes: true }, { dialogue })).toMatchObject({
    ...{ kind: 'text', stops: ['\nSam:', '\nAna:'] },
    text: 'Ana is a shepherd.\n\nSam: Hello!\nAna: Hi.\nSam: Where are they?\nAna:',
  });
  expect(sent({}, { dialogue })).toMatchObject({ kind: 'messages', stops: ['\nSam:', '\nAna:'] });
});

test('the oldest turns leave by the estimate, and what can’t leave is told', () => {
  const long: ChatPrompt['messages'] = [
    { role: 'user', text: 'hum '.repeat(3000) },
    { role: 'assistant', text: 'Hi.' },
    { role: 'user', text: 'Bye.' },
  ];
  const plan = (prompt: Partial<ChatPrompt>) =>
    fitForServer(writing, { kind: 'chat', messages: long, ...prompt }, 0).plan;
  expect(plan({})).toMatchObject({ leftOut: ['context-full', 'context-full', null], overTokens: 0 });
  expect(plan({ policy: 'stop' }).overTokens).toBeGreaterThan(1000);
});
