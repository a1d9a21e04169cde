import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PartialSaver } from '../../../../main/chat/partial-saver.js';
import type { ReplyUpdate } from '../../../../main/db/messages.js';
import { replyStatsSchema } from '../../../../preload/contract/chats.js';
import type { ErrorData } from '../../../../preload/contract/errors.js';

const run = { runId: 'r', chatId: 'c', messageId: 'm', baseLength: 6, text: 'Well, ' };
const stats = replyStatsSchema.parse({
  ...{ stopReason: 'end', promptTokens: 1, reusedTokens: 0, tokens: 1, tokensPerSecond: 1, seed: 1 },
  ...{ timeToFirstTokenMs: 1, contextUsed: 1, contextSize: 512, omittedMessages: 0, template: 'koala' },
});

let saved: ReplyUpdate[];
let problems: ErrorData[];
let isFull: boolean;
const saver = (before: typeof stats | null = null) =>
  new PartialSaver({
    db: {
      saveReply: async (update) => {
        if (isFull) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
        saved.push(update);
      },
    },
    run,
    stats: before,
    onProblem: (error) => problems.push(error),
  });

beforeEach(() => {
  vi.useFakeTimers();
  saved = [];
  problems = [];
  isFull = false;
  run.text = 'Well, ';
});
afterEach(() => vi.useRealTimers());

test('text is saved within half a second of its coming, fast or slow', () => {
  const one = saver();
  for (let token = 0; token < 100; token++) {
    run.text += `${token} `;
    one.grown();
    vi.advanceTimersByTime(30);
  }
  expect(saved).toHaveLength(5);
  vi.advanceTimersByTime(60_000);
  expect(saved.at(-1)?.text).toBe(run.text);
  const before = saved.length;
  run.text += 'slow';
  one.grown();
  vi.advanceTimersByTime(500);
  expect(saved.slice(before).map(({ text }) => text)).toEqual([run.text]);
});

test('what was measured goes with the text, marked as partial; also of the reply that is gone on with', () => {
  const one = saver({ ...stats, stopReason: 'max-tokens' });
  one.grown();
  vi.advanceTimersByTime(500);
  expect(saved.at(-1)?.stats).toMatchObject({ stopReason: 'partial' });
  one.grown({ ...stats, stopReason: 'partial', tokens: 7 });
  vi.advanceTimersByTime(500);
  expect(saved.at(-1)?.stats).toMatchObject({ stopReason: 'partial', tokens: 7 });
});

test('nothing is saved after its end', () => {
  const one = saver();
  one.grown();
  one.stop();
  vi.advanceTimersByTime(5000);
  expect(saved).toEqual([]);
});

test('a full disk is told once, and saving is tried again', async () => {
  const one = saver();
  isFull = true;
  for (let round = 0; round < 3; round++) {
    one.grown();
    await vi.advanceTimersByTimeAsync(500);
  }
  expect(problems).toMatchObject([{ code: 'disk-full' }]);
  isFull = false;
  one.grown();
  await vi.advanceTimersByTimeAsync(500);
  expect(saved).toHaveLength(1);
});
