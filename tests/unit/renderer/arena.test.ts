import { expect, test } from 'vitest';
import {
  figures,
  leaderboardRows,
  outcomeText,
  planText,
  radarPoint,
  standingNote,
} from '../../../renderer/lib/arena.js';
import type { Match, Standing } from '../../../preload/contract/arena.js';

const contestant = (modelName: string) => ({
  ...{ id: modelName, modelPath: `/${modelName}`, modelName, presetId: 'o', presetName: 'Big O' },
  ...{ template: null, templateName: '' },
});
const standing: Standing = {
  ...{ contestant: contestant('Alpaca'), standing: 'rated', rating: 1012.4, low: 950, high: 1080.6 },
  ...{ duels: 3, wins: 1, ties: 1, losses: 1, aspects: {} },
};

test('why models are loaded together, or not', () => {
  const numbers = { models: 2, neededBytes: 4.1e9, freeBytes: 9e9 };
  expect(planText({ ...numbers, together: true, reason: 'fits' })).toMatch(/4\.10 GB.*9\.00 GB.*together/);
  expect(planText({ ...numbers, together: false, reason: 'memory' })).toMatch(/one after the other\.$/);
  expect(planText({ ...numbers, together: false, reason: 'gpu' })).toContain('graphics card');
});

test('the figures of a reply, with what was not measured left out', () => {
  expect(figures({ stats: null, measures: null, text: 'four' })).toBe('4 characters');
  expect(figures({ stats: null, measures: { loadMs: 1234, memoryBytes: 2e9 }, text: '' })).toBe(
    '0 characters · 2.00 GB of memory · loaded in 1.23 s',
  );
});

test('a row of the leaderboard, and what is said where there are not enough duels', () => {
  expect(leaderboardRows([standing])).toEqual([
    ['Alpaca · Big O', '1012', '950 to 1081', '3', '1', '1', '1'],
  ]);
  expect(standingNote(standing)).toBe('');
  expect(standingNote({ ...standing, standing: 'one-sided', losses: 0 })).toBe(
    'Not enough duels: never lost',
  );
  const apart = { ...standing, standing: 'apart', rating: null, low: null, high: null } as const;
  expect(standingNote(apart)).toBe('Not enough duels: never met the others');
  expect(leaderboardRows([apart])[0]!.slice(1, 3)).toEqual(['–', '–']);
});

test('the corners of the radar: the first at the top, all on a circle', () => {
  expect(radarPoint(0, 1, 100, 50)).toEqual({ x: expect.closeTo(100) as number, y: 50 });
  for (const aspect of [1, 2, 3, 4]) {
    const { x, y } = radarPoint(aspect, 0.5, 0, 10);
    expect(Math.hypot(x, y)).toBeCloseTo(5);
  }
});

test('who won, in the eyes of the user', () => {
  const reply = {
    state: 'ended',
    loadProgress: 1,
    text: 't',
    stats: null,
    measures: null,
    error: null,
  } as const;
  const vote = { id: 'v', voter: 'user', aspects: { a: {}, b: {} }, comment: '', createdAt: 1 };
  const match = (change: Partial<Match>): Match => ({
    ...{ id: 'm', kind: 'duel', prompt: 'p', history: [], category: 'c', seed: 1, chatId: null },
    ...{ createdAt: 1, endedAt: 2, isHidden: false, votes: [] },
    replies: ['Alpaca', 'Vicuna'].map((name) => ({ ...reply, contestant: contestant(name) })),
    ...change,
  });
  expect(outcomeText(match({ endedAt: null }))).toBe('Being written');
  expect(outcomeText(match({ isHidden: true }))).toBe('Not voted on');
  expect(outcomeText(match({}))).toBe('Failed');
  expect(outcomeText(match({ votes: [{ ...vote, choice: 'b' }] }))).toBe('Vicuna · Big O won');
  expect(outcomeText(match({ votes: [{ ...vote, choice: 'tie' }] }))).toBe('Both as good');
});
