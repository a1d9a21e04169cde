import { expect, test } from 'vitest';
import { firstPlace, neighbour, numberOf, withLive } from '../../../renderer/lib/find.js';

const found = [
  { messageId: 'a', count: 2, isOnPath: true },
  { messageId: 'b', count: 1, isOnPath: true },
  { messageId: 'c', count: 3, isOnPath: false },
];

test('goes from place to place, round at both ends', () => {
  let place = { messageId: 'a', index: 0 };
  const way: string[] = [];
  for (let step = 0; step < 7; step++) {
    way.push(`${place.messageId}${place.index} ${numberOf(found, place)}`);
    place = neighbour(found, place, 1)!;
  }
  expect(way).toEqual(['a0 1', 'a1 2', 'b0 3', 'c0 4', 'c1 5', 'c2 6', 'a0 1']);
  expect(neighbour(found, { messageId: 'a', index: 0 }, -1)).toEqual({ messageId: 'c', index: 2 });
});

test('what is no place any more has no number and no neighbour', () => {
  expect(numberOf(found, { messageId: 'a', index: 2 })).toBeNull();
  expect(neighbour(found, { messageId: 'gone', index: 0 }, 1)).toBeUndefined();
});

test('begins where the reader is, and stays in a message that still has a place', () => {
  const path = ['x', 'a', 'y', 'b'];
  expect(firstPlace(found, path, 'y', null)).toEqual({ messageId: 'b', index: 0 });
  expect(firstPlace(found, path, 'b', { messageId: 'a', index: 5 })).toEqual({ messageId: 'a', index: 1 });
  expect(firstPlace(found.slice(0, 1), path, 'y', null)).toEqual({ messageId: 'a', index: 0 });
  expect(firstPlace([], path, 'y', null)).toBeNull();
});

test('a reply that is being written stands at the end of the active path', () => {
  expect(withLive(found, 'live', 2).map(({ messageId }) => messageId)).toEqual(['a', 'b', 'live', 'c']);
  expect(withLive(found, 'b', 0).map(({ messageId }) => messageId)).toEqual(['a', 'c']);
});
