/** Where branches part, and which words differ. */
import { expect, test } from 'vitest';
import type { TreeMessage } from '../../../preload/contract/branches.js';
import { endOf, partingOf, wordDifference } from '../../../renderer/lib/branch-comparison.js';

const message = (id: string, parentId: string | null): TreeMessage => ({
  ...{ id, parentId, role: 'user', start: id, createdAt: 0, model: null, length: 1, isOnPath: false },
});
/** q – a – b – c, and q – d – e; in the order of the tree. */
const tree = [
  message('q', null),
  message('a', 'q'),
  message('b', 'a'),
  message('c', 'b'),
  message('d', 'q'),
  message('e', 'd'),
];
const ids = (messages: readonly TreeMessage[] | undefined) => messages?.map(({ id }) => id);

test('branches end with their newest replies', () => {
  expect(endOf(tree, 'a')).toBe('c');
  expect(endOf(tree, 'q')).toBe('e');
  expect(endOf(tree, 'e')).toBe('e');
});

test('what is common, and what each has beyond', () => {
  const parting = partingOf(tree, 'c', 'e');
  expect(parting?.common).toBe(1);
  expect(ids(parting?.left)).toEqual(['a', 'b', 'c']);
  expect(ids(parting?.right)).toEqual(['d', 'e']);
  expect(ids(parting?.versions)).toEqual(['a', 'd']);
  expect(partingOf(tree, 'c', 'b')).toMatchObject({ common: 3, right: [] });
  expect(partingOf(tree, 'c', 'gone')).toBeNull();
});

test('words that differ, and nothing is lost of either text', () => {
  const [left, right] = ['Llamas carry loads.', 'Alpacas carry no loads.'];
  const pieces = wordDifference(left, right);
  const own = (side: 'left' | 'right') =>
    pieces[side].filter(({ isOwn }) => isOwn).map(({ text }) => text.trim());
  expect(own('left')).toEqual(['Llamas']);
  expect(own('right')).toEqual(['Alpacas', 'no']);
  const whole = (side: 'left' | 'right') => pieces[side].map(({ text }) => text).join('');
  expect([whole('left'), whole('right')]).toEqual([left, right]);
});
