/** Contestants, matches and votes with a real database: what undo brings back, and what the leaderboard reads of them. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { leaderboardCsv, leaderboardJson } from '../../../../main/arena/export.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import type { Choice } from '../../../../preload/contract/arena-words.js';

let queries: Queries;
let close: () => void;

beforeEach(() => {
  const db = openDatabase(':memory:');
  close = () => db.close();
  queries = makeQueries(db);
});
afterEach(() => close());

const enter = (name: string, presetId: string | null = null) =>
  queries.enterContestant(
    { modelPath: `/${name}.gguf`, presetId, template: null },
    { modelName: name, presetName: presetId ?? '', templateName: '' },
  );
const duel = (left: string, right: string, category = 'general', chatId: string | null = null) => {
  const contestantIds = [enter(left).id, enter(right).id];
  const { id } = queries.createMatch({
    ...{ kind: 'duel', prompt: 'Who spits?', history: [], category, seed: 7, contestantIds },
    ...{ chatId, parentId: null, questionId: null, batchId: null },
  });
  const reply = { matchId: id, stats: null, measures: { loadMs: 5, memoryBytes: 9 }, error: null };
  queries.saveMatchReply({ ...reply, position: 0, text: `${left} says` });
  queries.saveMatchReply({ ...reply, position: 1, text: `${right} says` });
  queries.endMatch(id);
  return id;
};
const vote = (matchId: string, choice: Choice, voter = 'user', aspects = { a: {}, b: {} }) =>
  queries.castVote({ matchId, voter, choice, aspects, comment: '' });
const all = { category: null, voter: null };
const undo = () => queries.undo({ stepId: null, busyChatIds: [] }).label;

test('a contestant is its model, preset and template; its names are those of its last use', () => {
  const plain = enter('Llama');
  expect(enter('Llama').id).toBe(plain.id);
  expect(enter('Llama', 'hot').id).not.toBe(plain.id);
  const renamed = queries.enterContestant(
    { modelPath: '/Llama.gguf', presetId: null, template: null },
    { modelName: 'Llama 2', presetName: '', templateName: '' },
  );
  expect(renamed).toMatchObject({ id: plain.id, modelName: 'Llama 2' });
});

test('a match keeps its question, its sides in order and what they wrote', () => {
  const id = duel('Alpaca', 'Vicuna', 'reasoning');
  expect(queries.findMatch(id)).toMatchObject({
    ...{ kind: 'duel', prompt: 'Who spits?', category: 'reasoning', seed: 7, votes: [] },
    replies: [
      { contestant: { modelName: 'Alpaca' }, text: 'Alpaca says', measures: { loadMs: 5, memoryBytes: 9 } },
      { contestant: { modelName: 'Vicuna' }, text: 'Vicuna says' },
    ],
  });
  expect(queries.lastMatch('duel')?.id).toBe(id);
  expect(queries.lastMatch('side-by-side')).toBeNull();
});

test('a vote is one step: undo takes it back, redo gives it again, another one takes its place', () => {
  const id = duel('Alpaca', 'Vicuna');
  vote(id, 'a', 'user', { a: { accuracy: 4 }, b: {} });
  expect(vote(id, 'tie').votes).toMatchObject([{ choice: 'tie', voter: 'user' }]);
  expect(undo()).toBe('Vote');
  expect(queries.findMatch(id).votes).toMatchObject([
    { choice: 'a', aspects: { a: { accuracy: 4 }, b: {} } },
  ]);
  undo();
  expect(queries.findMatch(id).votes).toEqual([]);
  queries.redo({ stepId: null, busyChatIds: [] });
  expect(queries.findMatch(id).votes).toMatchObject([{ choice: 'a' }]);
});

test('a model’s vote stands beside the user’s, and is no step of the user', () => {
  const id = duel('Alpaca', 'Vicuna');
  vote(id, 'a');
  expect(vote(id, 'b', 'Judge-7B').votes.map(({ choice }) => choice)).toEqual(['a', 'b']);
  expect(undo()).toBe('Vote');
  expect(queries.findMatch(id).votes.map(({ voter }) => voter)).toEqual(['Judge-7B']);
});

test('the leaderboard counts, rates, and is filtered by category and voter', () => {
  for (const choice of ['a', 'a', 'tie', 'both-bad', 'b'] as const) vote(duel('Alpaca', 'Vicuna'), choice);
  vote(duel('Vicuna', 'Alpaca', 'coding'), 'a', 'user', { a: { accuracy: 5 }, b: { accuracy: 2 } });
  vote(duel('Vicuna', 'Koala', 'coding'), 'a', 'Judge-7B');
  const board = queries.leaderboard(all);
  expect(board).toMatchObject({
    votes: 7,
    categories: ['coding', 'general'],
    voters: ['Judge-7B', 'user'],
  });
  const of = (name: string) => board.standings.find(({ contestant }) => contestant.modelName === name)!;
  expect(of('Alpaca')).toMatchObject({ duels: 6, wins: 2, ties: 2, losses: 2 });
  expect(of('Koala')).toMatchObject({ duels: 1, losses: 1, standing: 'one-sided' });
  expect(of('Vicuna').aspects).toEqual({ accuracy: { mean: 5, count: 1 } });
  const place = (name: string) => board.standings.indexOf(of(name));
  expect(board.matrix[place('Alpaca')]![place('Vicuna')]).toEqual({ duels: 6, points: 3 });
  expect(board.matrix[place('Vicuna')]![place('Koala')]).toEqual({ duels: 1, points: 1 });

  const coding = queries.leaderboard({ category: 'coding', voter: 'user' });
  expect(coding.standings.map(({ contestant, duels }) => [contestant.modelName, duels])).toEqual([
    ['Vicuna', 1],
    ['Alpaca', 1],
  ]);
});

test('what is deleted counts no more, until undo brings it back', () => {
  const id = duel('Alpaca', 'Vicuna');
  vote(id, 'a');
  queries.removeMatches([id]);
  expect(queries.leaderboard(all)).toMatchObject({ votes: 0, standings: [], voters: [] });
  expect(() => queries.findMatch(id)).toThrow('no longer exists');
  expect(undo()).toBe('Delete comparison');
  expect(queries.leaderboard(all).votes).toBe(1);
});

test('what was deleted long ago is gone for good', () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    const [old, kept] = [duel('Alpaca', 'Vicuna'), duel('Alpaca', 'Vicuna')];
    vote(old, 'a');
    vote(kept, 'b');
    queries.removeMatches([old]);
    vi.advanceTimersByTime(31 * 86_400_000);
    queries.createChat();
    expect(queries.removeOldTrash(Date.now())).toBe(true);
    expect(queries.removeOldTrash(Date.now())).toBe(false);
    expect(() => undo()).toThrow('can’t be undone any more');
    expect(queries.leaderboard(all).votes).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test('what a crash left open has ended, and its replies say so', () => {
  const contestantIds = [enter('Alpaca').id, enter('Vicuna').id];
  const { id } = queries.createMatch({
    ...{ kind: 'side-by-side', prompt: 'Who?', history: [], category: 'general', seed: 1, contestantIds },
    ...{ chatId: null, parentId: null, questionId: null, batchId: null },
  });
  queries.endOpenMatches({ code: 'cancelled', message: 'The app ended.' });
  const match = queries.findMatch(id);
  expect(match.endedAt).not.toBeNull();
  expect(match.replies.map(({ error }) => error?.message)).toEqual(['The app ended.', 'The app ended.']);
});

test('replies become versions in the chat that they came from, under one question, and undo takes them out', () => {
  const { id: chatId } = queries.createChat();
  const hello = queries.addMessage({ chatId, parentId: null, role: 'user', text: 'Hello', model: null });
  const contestantIds = [enter('Alpaca').id, enter('Vicuna').id];
  const { id } = queries.createMatch({
    ...{
      kind: 'side-by-side',
      prompt: 'Who spits?',
      history: [],
      category: 'general',
      seed: 1,
      contestantIds,
    },
    ...{ chatId, parentId: hello.id, questionId: null, batchId: null },
  });
  const reply = { matchId: id, stats: null, measures: null, error: null };
  queries.saveMatchReply({ ...reply, position: 0, text: 'Alpaca says' });
  queries.saveMatchReply({ ...reply, position: 1, text: 'Vicuna says' });
  queries.keepReplies(id, [0], chatId);
  const { messages } = queries.keepReplies(id, [1], chatId);
  expect(messages.map(({ text }) => text)).toEqual(['Hello', 'Who spits?', 'Vicuna says']);
  expect(messages.at(-1)).toMatchObject({ model: 'Vicuna', versionIds: { length: 2 } });
  undo();
  expect(undo()).toBe('Keep replies');
  expect(queries.openThread(chatId).messages.map(({ text }) => text)).toEqual(['Hello']);
  // The question went with it, so it is asked again.
  expect(queries.keepReplies(id, [0], chatId).messages.map(({ text }) => text)).toEqual([
    ...['Hello', 'Who spits?', 'Alpaca says'],
  ]);
});

test('the files of the leaderboard: a table without formulas, and all of it', () => {
  const [first, second] = [duel('=Alpaca, "7B"', 'Vicuna'), duel('=Alpaca, "7B"', 'Vicuna')];
  vote(first, 'a', 'user', { a: { accuracy: 5 }, b: { accuracy: 1 } });
  vote(second, 'b');
  const board = queries.leaderboard(all);
  const lines = leaderboardCsv(board).split('\r\n');
  expect(lines[0]).toBe(
    'model,preset,template,rating,low,high,standing,duels,wins,ties,losses,relevance,knowledge,reasoning,calculation,accuracy',
  );
  expect(lines.slice(1).join()).toMatch(/"'=Alpaca, ""7B""",,,1000\.0,[\d.]+,[\d.]+,rated,2,1,0,1,,,,,5\.00/);
  const told = JSON.parse(leaderboardJson(board, queries.votedMatches(all), all)) as Record<string, unknown>;
  expect(told).toMatchObject({
    format: 'altiplano-leaderboard',
    duels: [
      { prompt: 'Who spits?', replies: [{ text: '=Alpaca, "7B" says' }, {}], votes: [{ choice: 'a' }] },
      { votes: [{ choice: 'b' }] },
    ],
  });
});
