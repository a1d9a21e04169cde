import { expect, test } from 'vitest';
import { provenance, provenanceText } from '../../../renderer/lib/provenance.js';
import { replyStatsSchema } from '../../../preload/contract/chats.js';

const hash = 'a1b2c3d4e5f6'.repeat(5);
const stats = (origin: object | null) =>
  replyStatsSchema.parse({
    ...{ stopReason: 'end', promptTokens: 1234, reusedTokens: 0, tokens: 1, tokensPerSecond: 1 },
    ...{
      timeToFirstTokenMs: 1,
      readingMs: 1500,
      contextUsed: 1,
      contextSize: 4096,
      omittedMessages: 0,
      seed: 7,
      template: 't',
    },
    origin,
  });
const origin = {
  ...{ sampling: { temperature: 0.3, do_sample: false }, model: { name: 'm', sizeBytes: 1, hash } },
  ...{ engine: 'llama.cpp b1', gpu: 'vulkan', promptHash: hash, batches: null, baseLength: 12 },
};

test('all that a reply came from is said', () => {
  const facts = Object.fromEntries(provenance(stats(origin)).map(({ what, value }) => [what, value]));
  expect(facts).toEqual({
    Model: 'm',
    'Model file': 'a1b2c3d4e5f6',
    Template: 't',
    Seed: '7',
    Settings: 'temperature 0.3, do_sample off; the rest at their defaults',
    Engine: 'llama.cpp b1, on the GPU by vulkan',
    Context: '4,096 tokens',
    Prompt: '1,234 tokens, a1b2c3d4e5f6',
    Read: '1,233 tokens of it, 822 a second',
    'Begun with': '12 characters that were there',
  });
});

test('what is copied is not shortened', () => {
  expect(provenanceText(stats(origin))).toContain(`Model file: ${hash}\n`);
});

test('of an old reply there is what was kept', () => {
  expect(provenance(stats(null)).map(({ what }) => what)).toEqual(['Template', 'Seed', 'Context', 'Prompt']);
});
