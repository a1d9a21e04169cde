import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  boundKeys,
  byKeys,
  conflictsOf,
  grouped,
  resolved,
  withDefaults,
  withKeys,
  type Action,
  type OwnKeys,
} from '../../../renderer/lib/actions.js';
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

test('only what differs from the defaults is kept', () => {
  expect(withKeys({}, b, 'F5')).toEqual({ b: 'F5' });
  expect(withKeys({ b: 'F5' }, b, 'Ctrl+B')).toEqual({});
  expect(withKeys({}, b, null)).toEqual({ b: null });
  expect(withKeys({}, a, 'Ctrl+K')).toEqual({ a: 'Ctrl+K' });
  expect(withDefaults({ a: 'F5', b: null }, b)).toEqual({ a: 'F5' });
});

test('a conflict names the other action, which keeps what else it has when it gives way', () => {
  const own = withKeys({}, b, 'Ctrl+K');
  const conflicts = conflictsOf(b, [a, b], own);
  expect(conflicts).toEqual([{ keys: 'Ctrl+K', with: a }]);
  expect(resolved(own, conflicts)).toEqual({ b: 'Ctrl+K', a: 'Ctrl+Shift+P' });
});

test('a reset that would take keys back from another action is a conflict too', () => {
  const own: OwnKeys = { b: 'Ctrl+K', a: 'F5' };
  const conflicts = conflictsOf(a, [a, b], withDefaults(own, a));
  expect(conflicts).toEqual([{ keys: 'Ctrl+K', with: b }]);
  expect(resolved(withDefaults(own, a), conflicts)).toEqual({ b: null });
});

test('keys that two share by their defaults are no conflict', () => {
  const c = action('c', 'Ctrl+B');
  expect(conflictsOf(b, [b, c], {})).toEqual([]);
});

test('whatever was set before: after a change that was resolved, no keys stand for two actions', () => {
  const all = [a, b, action('c'), action('d', 'F5')];
  const keys = fc.constantFrom('Ctrl+K', 'Ctrl+B', 'F5', 'F6');
  const steps = fc.array(fc.tuple(fc.constantFrom(...all), fc.option(keys, { nil: null })), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(steps, (list) => {
      let own: OwnKeys = {};
      for (const [one, pressed] of list) {
        const next = withKeys(own, one, pressed);
        own = resolved(next, conflictsOf(one, all, next));
      }
      return [...byKeys(all, own).values()].every((sharing) => sharing.length === 1);
    }),
  );
});

test('every action of the app is listed once, in a group that is shown', () => {
  const ids = actions.all.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(grouped(actions.all).flatMap((group) => group.actions)).toHaveLength(ids.length);
});

test('no two default keys are the same, but for those whose actions are of different views', () => {
  const shared = [...byKeys(actions.all, {})].filter(([, list]) => list.length > 1);
  expect(shared.map(([keys, list]) => [keys, list.map(({ id }) => id)])).toEqual([
    ['Escape', ['close-overlay', 'close-find', 'stop', 'stop-note', 'stop-comparison']],
    ['Ctrl+Enter', ['regenerate', 'generate-note']],
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
