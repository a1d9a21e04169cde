import { expect, test } from 'vitest';
import { boundKeys, byKeys, grouped, type Action } from '../../../renderer/lib/actions.js';
import { refusal } from '../../../renderer/lib/keys.js';
import { actions } from '../../../renderer/stores/actions.svelte.js';

const action = (id: string, ...keys: string[]): Action => ({
  id,
  label: id,
  group: 'App',
  keys,
  run: () => id,
});
const a = action('a', 'Ctrl+K', 'Ctrl+Shift+P');
const b = action('b', 'Ctrl+B');

test('an action has its defaults, the keys that were set, or none', () => {
  expect(boundKeys(a, {})).toEqual(['Ctrl+K', 'Ctrl+Shift+P']);
  expect(boundKeys(a, { a: 'F5' })).toEqual(['F5']);
  expect(boundKeys(a, { a: null })).toEqual([]);
});

test('keys that the user set win over a default', () => {
  expect(byKeys([a, b], { b: 'Ctrl+K' }).get('Ctrl+K')).toEqual([b, a]);
  expect(byKeys([a, b], { b: 'Ctrl+K' }).get('Ctrl+B')).toBeUndefined();
});

test('every action of the app is listed once, in a group that is shown', () => {
  const ids = actions.all.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(grouped(actions.all).flatMap((group) => group.actions)).toHaveLength(ids.length);
});

test('no two default keys are the same, but for Escape, which closes before it stops', () => {
  const shared = [...byKeys(actions.all, {})].filter(([, list]) => list.length > 1);
  expect(shared.map(([keys, list]) => [keys, list.map(({ id }) => id)])).toEqual([
    ['Escape', ['close-overlay', 'stop']],
  ]);
});

test('only plain arrows and ? are defaults that a user could not choose; no plain key spends a generation', () => {
  const plain = actions.all.flatMap(({ id, keys = [] }) =>
    keys.filter((each) => refusal(each) !== null).map((each) => [each, id]),
  );
  expect(plain).toEqual([
    ['?', 'help'],
    ['ArrowLeft', 'previous-version'],
    ['ArrowRight', 'next-version'],
  ]);
});
