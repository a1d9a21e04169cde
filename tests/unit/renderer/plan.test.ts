import { expect, test } from 'vitest';
import { firstSeen, placeNote, planNote } from '../../../renderer/lib/plan.js';

const plan = { promptTokens: 900, reserveTokens: 512, contextSize: 2048, overTokens: 0, leftOut: {} };
const full = 'context-full' as const;

test('what is told before sending', () => {
  expect(planNote(plan, 'message')).toBeNull();
  expect(planNote({ ...plan, leftOut: { a: 'by-hand' } }, 'message')).toBeNull();
  expect(planNote({ ...plan, leftOut: { a: full } }, 'message')).toBe('1 older message will be left out.');
  expect(planNote({ ...plan, leftOut: { a: full, b: full, c: 'by-hand' } }, 'message')).toBe(
    '2 older messages will be left out.',
  );
  expect(planNote({ ...plan, overTokens: 1312 }, 'conversation')).toBe(
    'This conversation is 1,312 tokens too long for the context.',
  );
  expect(planNote({ ...plan, overTokens: 1 }, 'message')).toContain('1 token too long');
});

test('the line stands after the last message that found no room', () => {
  const ids = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
  expect(firstSeen(ids, {})).toBeNull();
  expect(firstSeen(ids, { a: 'by-hand' })).toBeNull();
  expect(firstSeen(ids, { a: full, b: full })).toBe('c');
  // A pinned turn before it is seen too.
  expect(firstSeen(ids, { c: full })).toBe('d');
  expect(firstSeen(ids, { a: full, b: full, c: full, d: full })).toBeNull();
});

test('each message says where it stands', () => {
  expect(placeNote(undefined, 'auto')).toBeNull();
  expect(placeNote(undefined, 'pinned')).toBe('Pinned');
  expect(placeNote(full, 'pinned')).toBe('Left out: the context is full');
  expect(placeNote('by-hand', 'left-out')).toBe('Left out by you');
});
