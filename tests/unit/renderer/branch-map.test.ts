import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TreeMessage } from '../../../preload/contract/branches.js';
import { branchMap, stepFrom, type Stretch } from '../../../renderer/lib/branch-map.js';

const message = (id: string, parentId: string | null, isOnPath = false): TreeMessage => ({
  ...{ id, parentId, isOnPath, role: 'user', start: id, createdAt: 0, model: null, length: 1 },
});
const seen = (stretches: readonly Stretch[]) =>
  stretches.map(({ messages, level, column }) => [messages.map(({ id }) => id).join(''), level, column]);

const tree = [
  message('a', null, true),
  message('b', 'a', true),
  message('c', 'b'),
  message('d', 'b', true),
  message('e', 'd', true),
  message('f', 'd'),
  message('g', 'b'),
];

test('stretches without a choice are one node; what has most below it stands straight under its parent', () => {
  expect(seen(branchMap(tree))).toEqual([
    ['ab', 0, 0],
    ['c', 1, 1],
    ['d', 1, 0],
    ['e', 2, 0],
    ['f', 2, 1],
    ['g', 1, 2],
  ]);
});

test('the end of the path within a line parts it', () => {
  expect(
    seen(branchMap([message('a', null, true), message('b', 'a', false), message('c', 'b', false)])),
  ).toEqual([
    ['a', 0, 0],
    ['bc', 1, 0],
  ]);
});

test('arrows go along branches and rows', () => {
  const map = branchMap(tree);
  const way = (from: string, key: string) =>
    stepFrom(
      map,
      map.find(({ id }) => id === from)!,
      key,
    )?.id;
  expect(way('a', 'ArrowDown')).toBe('d');
  expect(way('d', 'ArrowRight')).toBe('c');
  expect(way('c', 'ArrowRight')).toBe('g');
  expect(way('g', 'ArrowRight')).toBeUndefined();
  expect(way('c', 'ArrowLeft')).toBe('d');
  expect(way('f', 'ArrowUp')).toBe('d');
  expect(way('a', 'ArrowUp')).toBeUndefined();
  expect(way('f', 'Home')).toBe('a');
  expect(way('a', 'End')).toBe('e');
});

test('whatever the tree: each message once, no two nodes in one place, children below', () => {
  const parents = fc.array(fc.nat(), { maxLength: 60 });
  fc.assert(
    fc.property(parents, (all) => {
      const messages = all.map((pick, at) =>
        message(String(at), at === 0 || pick % 7 === 0 ? null : String(pick % at)),
      );
      // In the order that main tells: each branch as a whole.
      const order: TreeMessage[] = [];
      const follow = (id: string | null) =>
        messages
          .filter(({ parentId }) => parentId === id)
          .forEach((one) => (order.push(one), follow(one.id)));
      follow(null);
      const map = branchMap(order);
      expect(map.flatMap(({ messages: own }) => own)).toHaveLength(messages.length);
      expect(new Set(map.map(({ level, column }) => `${level} ${column}`)).size).toBe(map.length);
      for (const { parent, level } of map) expect(level).toBe(parent === null ? 0 : parent.level + 1);
    }),
  );
});

test('thousands of choices in a row stand in few columns', () => {
  const long: TreeMessage[] = [];
  const side: TreeMessage[] = [];
  for (let at = 0; at < 3000; at++) {
    long.push(message(`m${at}`, at === 0 ? null : `m${at - 1}`));
    side.unshift(message(`v${at}`, at === 0 ? null : `m${at - 1}`));
  }
  expect(Math.max(...branchMap([...long, ...side]).map(({ column }) => column))).toBe(1);
});
