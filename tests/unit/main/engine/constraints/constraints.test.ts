/** Demands on a reply, with the real starter model, by llama.cpp's samplers and by ours. */
import { expect, test } from 'vitest';
import type { Frame } from '../../../../../preload/contract/engine.js';
import { greedy, useStarterEngine } from '../../../../fixtures/starter-engine.js';

const starter = useStarterEngine();
const question = 'What is the capital of France? Answer in one sentence.';
/** Makes our own samplers choose, and choose the likeliest token too. */
const chain = { temperature: 1, top_k: 1, typical_p: 0.99, repetition_penalty: 1 } as const;
const ways = [
  ['llama.cpp’s samplers', greedy],
  ['our samplers', chain],
] as const;

for (const [way, likeliest] of ways) {
  test(`a grammar forces its form, by ${way}`, async () => {
    const { text, stats } = await starter.reply('Describe a llama.', {
      ...likeliest,
      grammar_string: 'root ::= "{\\"name\\": \\"" [a-z]{3,12} "\\", \\"legs\\": " [0-9] "}"',
    });
    expect(JSON.parse(text)).toEqual({
      name: expect.stringMatching(/^[a-z]{3,12}$/),
      legs: expect.any(Number),
    });
    expect(stats.stopReason).toBe('end');
  });

  test(`a JSON schema forces JSON that fits it, by ${way}`, async () => {
    const { text } = await starter.reply('Describe a llama as JSON.', {
      ...likeliest,
      max_new_tokens: 200,
      json_schema: JSON.stringify({
        type: 'object',
        properties: {
          name: { type: 'string', maxLength: 20 },
          colour: { enum: ['brown', 'white'] },
          legs: { type: 'integer' },
          wild: { type: ['boolean', 'null'] },
        },
        required: ['name', 'colour', 'legs', 'wild'],
      }),
    });
    const llama: unknown = JSON.parse(text);
    expect(llama).toEqual({
      name: expect.any(String),
      colour: expect.stringMatching(/^(brown|white)$/),
      legs: expect.any(Number),
      wild:
        llama !== null && typeof llama === 'object' && 'wild' in llama && llama.wild === null
          ? null
          : expect.any(Boolean),
    });
  });

  test(`a banned token never comes, and a bias makes one come, by ${way}`, async () => {
    const { tokenize } = starter.engine.vocabulary;
    const paris = tokenize(' Paris');
    expect(paris).toHaveLength(1);
    const plain = await starter.reply(question, likeliest);
    expect(plain.text).toContain(' Paris');
    const banned = await starter.reply(question, { ...likeliest, custom_token_bans: String(paris[0]) });
    expect(banned.text).not.toContain(' Paris');
    const lowered = await starter.reply(question, { ...likeliest, logit_bias: '" Paris": -50' });
    expect(lowered.text).toBe(banned.text);
    const raised = await starter.reply(question, {
      ...likeliest,
      max_new_tokens: 3,
      logit_bias: `"${tokenize(' sheep')[0]}": 100`,
    });
    expect(raised.text).toBe(' sheep'.repeat(3));
  });

  test(`a reply goes on where the model may not end it, by ${way}`, async () => {
    expect((await starter.reply(question, { ...likeliest, max_new_tokens: 60 })).stats.stopReason).toBe(
      'end',
    );
    const { stats } = await starter.reply(question, {
      ...likeliest,
      max_new_tokens: 60,
      ban_eos_token: true,
    });
    expect([stats.tokens, stats.stopReason]).toEqual([60, 'max-tokens']);
    // A grammar's end is the end all the same.
    const { text } = await starter.reply(question, {
      ...likeliest,
      ban_eos_token: true,
      grammar_string: 'root ::= "yes"',
    });
    expect(text).toBe('yes');
  });

  test(`a banned string never comes, though the model wants it, and what was shown stays, by ${way}`, async () => {
    const shown: string[] = [];
    const onFrame = (frame: Frame) => {
      if (frame.kind === 'text') shown.push(frame.text);
    };
    const plain = await starter.reply(question, likeliest);
    expect(plain.text).toContain('capital of France');
    const settings = { ...likeliest, banned_strings: '"CAPITAL OF FRANCE", "city of"' };
    const { text, stats } = await starter.reply(question, settings, { onFrame });
    expect(text).not.toMatch(/capital of france|city of/i);
    expect(text.length).toBeGreaterThan(20);
    expect(text.startsWith('The')).toBe(true);
    expect(shown.join('')).toBe(text);
    expect(stats.stopReason).not.toBe('banned-string');
  });
}

test('a letter banned from everywhere is banned from every token', async () => {
  const { text } = await starter.reply('Tell me about llamas.', { ...greedy, banned_strings: '"e"' });
  expect(text.length).toBeGreaterThan(20);
  expect(text).not.toMatch(/e/i);
});

test('a reply ends where everything it could write is banned', async () => {
  const { text, stats } = await starter.reply(question, {
    ...greedy,
    grammar_string: 'root ::= "yes" | "yeah"',
    banned_strings: '"ye"',
  });
  expect(stats.stopReason).toBe('banned-string');
  expect(text).toBe('');
});

test('a banned string and a grammar hold together', async () => {
  const { text } = await starter.reply(question, {
    ...greedy,
    grammar_string: 'root ::= "The capital is " ("Paris" | "Lyon")',
    banned_strings: '"is Paris"',
  });
  expect(text).toBe('The capital is Lyon');
});

test('custom stopping strings end a reply and are no part of it', async () => {
  const { text, stats } = await starter.reply(question, {
    ...greedy,
    custom_stopping_strings: '"Paris", "\\n"',
  });
  expect(text).toMatch(/ is $| is$/);
  expect(stats.stopReason).toBe('stop-string');
});

test('writing is held to a speed', async () => {
  const startedMs = performance.now();
  await starter.reply(question, { ...greedy, max_new_tokens: 8, max_tokens_second: 20 });
  expect(performance.now() - startedMs).toBeGreaterThan((7 * 1000) / 20 - 5);
});

test('marks that the model writes are shown when asked for', async () => {
  const mark = starter.engine.vocabulary.controlTokens.get('<file_sep>');
  const settings = { ...greedy, max_new_tokens: 2, logit_bias: `"${mark}": 100` };
  expect((await starter.reply(question, settings)).text).toBe('');
  const { text } = await starter.reply(question, { ...settings, skip_special_tokens: false });
  expect(text).toBe('<file_sep><file_sep>');
});

test('the mark that begins a user’s turn ends the reply, though it is no text', async () => {
  const mark = starter.engine.vocabulary.controlTokens.get('<|im_start|>');
  const { text, stats } = await starter.reply(question, { ...greedy, logit_bias: `"${mark}": 100` });
  expect([text, stats.stopReason]).toEqual(['', 'end']);
});

test.each([
  [{ grammar_string: 'root ::= "a"', json_schema: '{}' }, /not both/],
  [{ custom_token_bans: '999999' }, /no token 999999/],
  [{ logit_bias: '" antidisestablishmentarianism": 3' }, /is \d tokens for this model/],
])('says before the run what it can’t follow: %j', async (demands, message) => {
  await expect(starter.reply(question, demands)).rejects.toThrow(message);
});
