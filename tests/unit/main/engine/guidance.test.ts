/** Guidance by a second reading, with the real starter model. */
import { expect, test } from 'vitest';
import { greedy, useStarterEngine } from '../../../fixtures/starter-engine.js';

const starter = useStarterEngine();
const prompt = {
  kind: 'chat' as const,
  messages: [
    { role: 'system' as const, text: 'You answer like a pirate.' },
    { role: 'user' as const, text: 'Who are you?' },
  ],
};
const note = { kind: 'text' as const, text: 'The best thing about llamas is' };

test('a scale of 1 is off, to the letter, and makes no second context', async () => {
  const plain = await starter.reply(prompt, { temperature: 1, seed: 3 });
  const made = starter.engine.model.createContext;
  let contexts = 0;
  starter.engine.model.createContext = (...options) => {
    contexts++;
    return made.apply(starter.engine.model, options);
  };
  const off = await starter.reply(prompt, {
    temperature: 1,
    seed: 3,
    guidance_scale: 1,
    negative_prompt: 'Be dull.',
  });
  expect(off.text).toBe(plain.text);
  expect(contexts).toBe(0);
  await starter.reply(prompt, { guidance_scale: 1.5, max_new_tokens: 1 });
  expect(contexts).toBe(1);
  starter.engine.model.createContext = made;
});

test('a negative prompt that is the prompt changes nothing, another one does', async () => {
  const plain = await starter.reply(note, greedy);
  const same = await starter.reply(note, { ...greedy, guidance_scale: 2, negative_prompt: note.text });
  expect(same.text).toBe(plain.text);
  const other = await starter.reply(note, { ...greedy, guidance_scale: 2, negative_prompt: 'Llamas' });
  expect(other.text).not.toBe(plain.text);
  expect(other.stats.tokens).toBeGreaterThan(5);
});

test('a scale of 0 writes what the negative prompt calls for', async () => {
  const negative = 'The capital of France is';
  const { text } = await starter.reply(note, {
    ...greedy,
    guidance_scale: 0,
    negative_prompt: negative,
    max_new_tokens: 6,
  });
  const direct = await starter.reply({ kind: 'text', text: negative }, { ...greedy, max_new_tokens: 6 });
  expect(text).toBe(direct.text);
});

test('in a chat it takes the place of the system prompt, and replays, with banned strings and a grammar too', async () => {
  const settings = {
    ...{ temperature: 1, seed: 9, guidance_scale: 1.5, negative_prompt: 'You answer like a clerk.' },
    ...{ banned_strings: '"the"', max_new_tokens: 20 },
  };
  const first = await starter.reply(prompt, settings);
  expect(first.text).not.toMatch(/the/i);
  expect((await starter.reply(prompt, settings)).text).toBe(first.text);
  const form = await starter.reply(prompt, {
    ...settings,
    banned_strings: '',
    grammar_string: 'root ::= "arr"+ "!"',
  });
  expect(form.text).toMatch(/^(arr)*!?$/);
});
