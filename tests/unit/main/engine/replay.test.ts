/** The same reply again, with the real starter model: what its origin says is enough. */
import { expect, test } from 'vitest';
import type { Generated } from '../../../../main/engine/session.js';
import type { PromptMessage } from '../../../../preload/contract/engine.js';
import { samplingSchema } from '../../../../preload/contract/sampling-schema.js';
import { useStarterEngine } from '../../../fixtures/starter-engine.js';

const starter = useStarterEngine();
const chat = (...messages: PromptMessage[]) => ({ kind: 'chat' as const, messages });
const wild = { temperature: 1.3, top_k: 0, max_new_tokens: 60, seed: 5 };

/** Reads something else in between, then makes the reply again from its origin. */
async function replay(messages: readonly PromptMessage[], { stats }: Generated): Promise<Generated> {
  await starter.reply('Something else entirely, so that nothing of the cache is left.', {
    max_new_tokens: 1,
  });
  const { sampling, batches, threads } = stats.origin!;
  return starter.reply(chat(...messages), samplingSchema.parse({ ...sampling, seed: stats.seed }), {
    batches: batches!,
    threads,
  });
}

test('a first reply, a follow-up read behind the cache, and a regenerated one come again to the letter', async () => {
  const first: PromptMessage[] = [{ role: 'user', text: 'Tell me a story about a llama on a long journey.' }];
  const opening = await starter.reply(chat(...first), wild);
  expect((await replay(first, opening)).text).toBe(opening.text);

  // The cache holds the reply as it was written, token by token, and of it only what the template keeps.
  await starter.reply(chat(...first), wild);
  const second: PromptMessage[] = [
    ...first,
    { role: 'assistant', text: opening.text },
    { role: 'user', text: `And then? ${'Tell me more of the road. '.repeat(30)}` },
  ];
  const followUp = await starter.reply(chat(...second), wild);
  expect(followUp.stats.reusedTokens).toBeGreaterThan(50);
  expect(followUp.stats.origin?.batches?.length).toBeGreaterThan(2);
  const regenerated = await starter.reply(chat(...second), wild);
  expect(regenerated.stats.reusedTokens).toBe(regenerated.stats.promptTokens - 1);
  expect(regenerated.text).toBe(followUp.text);
  const again = await replay(second, followUp);
  expect(again.stats.reusedTokens).toBe(0);
  expect(again.stats.origin).toEqual(followUp.stats.origin);
  expect(again.text).toBe(followUp.text);
});

test('a reply that took banned strings back comes again too', async () => {
  const first: PromptMessage[] = [{ role: 'user', text: 'Tell me a story.' }];
  const told = await starter.reply(chat(...first), { ...wild, banned_strings: '"the", "once"' });
  expect(told.text).not.toMatch(/the|once/i);
  expect((await replay(first, told)).text).toBe(told.text);
});

test('the origin names the file, and the prompt by its tokens', async () => {
  const one = await starter.reply('Hello', { max_new_tokens: 1 });
  const other = await starter.reply('Hello!', { max_new_tokens: 1 });
  expect(one.stats.origin?.model).toEqual(other.stats.origin?.model);
  expect(one.stats.origin?.promptHash).not.toBe(other.stats.origin?.promptHash);
  expect(one.stats.origin?.engine).toMatch(/^llama\.cpp v?\w+.*, node-llama-cpp \d/);
});

test('a reply cut short ends at the same token, with the room of the whole one', async () => {
  const { text, stats } = await starter.reply(
    'Tell me a story.',
    { ...wild, max_new_tokens: 300 },
    { cutAfterTokens: 20 },
  );
  expect(stats).toMatchObject({ tokens: 20, stopReason: 'max-tokens' });
  const whole = await starter.reply('Tell me a story.', { ...wild, max_new_tokens: 40 });
  expect(whole.text.startsWith(text)).toBe(true);
});
