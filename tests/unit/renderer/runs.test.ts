import { expect, test } from 'vitest';
import { statsLine, stopNote } from '../../../renderer/lib/reply.js';
import { LiveRun } from '../../../renderer/stores/runs.svelte.js';

const run = (text = '', baseLength = 0) =>
  new LiveRun({ runId: 'r', chatId: 'c', messageId: 'm', baseLength, text });
const frame = (offset: number, text: string) =>
  ({ kind: 'text', runId: 'r', offset, text, tokensPerSecond: 9 }) as const;

test('frames append; what main had already is not written twice', () => {
  const live = run('He');
  expect(live.apply(frame(0, 'Hello'))).toBe(true);
  expect(live.apply(frame(5, ' there'))).toBe(true);
  expect(live.text).toBe('Hello there');
});

test('a frame after a gap is not applied', () => {
  const live = run('He');
  expect(live.apply(frame(5, ' there'))).toBe(false);
  expect(live.text).toBe('He');
});

test('a continued reply counts from where it went on', () => {
  const live = run('Once', 4);
  live.apply(frame(0, ' upon'));
  expect(live.text).toBe('Once upon');
});

const stats = {
  ...{
    stopReason: 'end' as const,
    promptTokens: 301,
    reusedTokens: 280,
    reusedFrom: 'memory' as const,
    ...{ guessesMade: 0, guessesTaken: 0 },
    tokens: 11,
    tokensPerSecond: 42.13,
  },
  ...{
    timeToFirstTokenMs: 312,
    contextUsed: 312,
    contextSize: 8192,
    omittedMessages: 0,
    seed: 1,
    template: 'koala',
    origin: null,
  },
};

test('a reply says how it went', () => {
  expect(statsLine(stats, undefined)).toBe(
    '42.1 tok/s · first token 0.31 s · 312 of 8,192 context · reused 280 of 301 tokens',
  );
  expect(statsLine({ ...stats, reusedFrom: 'disk' }, undefined)).toContain(
    'reused 280 of 301 tokens from disk',
  );
  expect(statsLine({ ...stats, guessesMade: 60, guessesTaken: 34 }, undefined)).toContain(
    ' · 34 of 60 guesses taken',
  );
  expect(stopNote({ stats, text: 'Hi', error: null, model: 'm' }, 'drop-oldest')).toBeNull();
  expect(
    stopNote(
      { stats: { ...stats, stopReason: 'partial' }, text: 'Hi', error: null, model: 'm' },
      'drop-oldest',
    ),
  ).toContain('interrupted');
  const full = {
    stats: { ...stats, stopReason: 'context-full' as const },
    text: 'Hi',
    error: null,
    model: 'm',
  };
  expect(stopNote(full, 'keep-pinned')).toContain('Continue goes on without the oldest turns');
  expect(stopNote(full, 'stop')).toContain('this chat leaves nothing out');
  expect(stopNote({ stats, text: ' ', error: null, model: 'm' }, 'drop-oldest')).toContain('without a word');
  // The greeting of a character: no model wrote it, so nothing broke it off.
  expect(stopNote({ stats: null, text: 'Hi', error: null, model: null }, 'drop-oldest')).toBeNull();
  expect(stopNote({ stats: null, text: 'Hi', error: null, model: 'm' }, 'drop-oldest')).toContain(
    'interrupted',
  );
});
