import { expect, test } from 'vitest';
import { compareReplay, replayRequest } from '../../../../main/chat/replay.js';
import { newConversation, type Conversation } from '../../../../main/chat/prompt.js';
import type { PathMessage, ReplyStats } from '../../../../preload/contract/chats.js';
import { replyStatsSchema } from '../../../../preload/contract/chats.js';

const stats: ReplyStats = {
  ...{
    stopReason: 'end',
    promptTokens: 9,
    reusedTokens: 0,
    reusedFrom: 'memory',
    tokens: 4,
    ...{ guessesMade: 0, guessesTaken: 0 },
    tokensPerSecond: 1,
  },
  ...{
    timeToFirstTokenMs: 1,
    contextUsed: 13,
    contextSize: 512,
    omittedMessages: 0,
    seed: 77,
    template: 'koala',
  },
  origin: {
    ...{ sampling: { temperature: 1.5 }, engine: 'one', gpu: null, promptHash: 'aaaaaaaaaa', baseLength: 0 },
    model: { name: 'Llama', sizeBytes: 1, hash: '0123456789' },
    batches: [[8, 8, 1, 2]],
    threads: [[2, 3]],
  },
};
const message = (
  id: string,
  parentId: string | null,
  role: PathMessage['role'],
  text: string,
): PathMessage => ({
  ...{ id, parentId, role, text, chatId: 'c', inclusion: 'auto', createdAt: 1, editedAt: null },
  ...{ model: null, stats: null, error: null, versionIds: [id], attachments: [] },
});
const asked = message('q', null, 'user', 'Who spits?');
const reply: PathMessage = { ...message('r', 'q', 'assistant', 'Llamas do.'), stats };
const thread: Conversation = {
  ...newConversation,
  messages: [asked, reply, message('q2', 'r', 'user', 'Why?')],
};
const turns = (request: ReturnType<typeof replayRequest>) => request.prompt.messages.map(({ text }) => text);

test('asks for the reply with its own prompt, parameters, seed, batches and threads', () => {
  const request = replayRequest(thread, reply, '');
  expect(turns(request)).toEqual(['Who spits?']);
  expect(request.sampling).toMatchObject({ temperature: 1.5, seed: 77, max_new_tokens: 0 });
  expect(request.batches).toEqual([[8, 8, 1, 2]]);
  expect(request.threads).toEqual([[2, 3]]);
});

test('a reply that was gone on with is made again from there; a stopped one as far as it came', () => {
  const origin = { ...stats.origin!, baseLength: 6 };
  const continued = { ...reply, stats: { ...stats, stopReason: 'stopped' as const, origin } };
  const request = replayRequest({ ...thread, messages: [asked, continued] }, continued, '');
  expect(turns(request)).toEqual(['Who spits?', 'Llamas']);
  expect(request.cutAfterTokens).toBe(4);
  // The room kept for the reply decides what of the conversation is sent.
  expect(request.sampling.max_new_tokens).toBe(0);
  expect(compareReplay(continued, { text: ' do. And', stats }).differsAt).toBeNull();
  expect(compareReplay(continued, { text: ' do not', stats }).differsAt).toBe(3);
});

test('a reply of an earlier version can’t be made again, and stays readable', () => {
  const { origin: _origin, ...old } = stats;
  const kept = { ...reply, stats: replyStatsSchema.parse(old) };
  expect(() => replayRequest(thread, kept, '')).toThrow(/before the app kept/);
});

test('says where the texts part and what changed', () => {
  expect(compareReplay(reply, { text: 'Llamas do.', stats })).toMatchObject({ differsAt: null, changed: [] });
  const now: typeof stats = {
    ...stats,
    contextSize: 1024,
    origin: { ...stats.origin!, promptHash: 'bbbbbbbbbb', batches: null, threads: [[1, 3]] },
  };
  const { differsAt, changed } = compareReplay({ ...reply, editedAt: 5 }, { text: 'Llamas do', stats: now });
  expect(differsAt).toBe(9);
  expect(changed.map(({ what }) => what)).toEqual([
    'Context',
    'Prompt',
    'Way of reading the prompt',
    'Threads',
    'The reply',
  ]);
});
