import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  emptyLevel,
  levelNames,
  readLevel,
  resolve,
  upTo,
  type Level,
  type LevelName,
  type Levels,
} from '../../../../preload/contract/levels.js';
import { defaultSampling, parameters } from '../../../../preload/contract/parameters.js';
import { presetParameters, type PresetValues } from '../../../../preload/contract/preset-values.js';

const presets: Readonly<Record<string, PresetValues>> = { warm: { temperature: 1.3 }, narrow: { top_k: 5 } };
const preset = (id: string) => presets[id];
const level = (more: Partial<Level>): Level => ({ ...emptyLevel, ...more });
const levels = (more: Partial<Levels>): Levels => ({
  ...{ everywhere: emptyLevel, model: emptyLevel, chat: emptyLevel },
  ...more,
});

test('nothing said is the app’s own', () => {
  const { sampling, origins, systemPrompt, presetId } = resolve(levels({}), preset);
  expect(sampling).toEqual(defaultSampling());
  expect(new Set(Object.values(origins).map(({ level: from }) => from))).toEqual(new Set(['default']));
  expect([systemPrompt, presetId]).toEqual(['', null]);
});

describe('defaults, model, preset, chat', () => {
  const all = levels({
    everywhere: level({
      sampling: { temperature: 0.1, top_p: 0.2, seed: 1, min_p: 0.3 },
      systemPrompt: 'all',
    }),
    model: level({ sampling: { temperature: 0.4, top_p: 0.5, seed: 2 }, systemPrompt: 'model' }),
    chat: level({ presetId: 'warm', sampling: { top_p: 0.6 } }),
  });

  test('the more particular one wins, and each value says where it comes from', () => {
    const { sampling, origins, systemPrompt, presetId } = resolve(all, preset);
    expect(sampling).toMatchObject({ temperature: 1.3, top_p: 0.6, seed: 2, min_p: 0, top_k: 0 });
    expect(origins.temperature).toEqual({ level: 'chat', presetId: 'warm' });
    expect(origins.top_p).toEqual({ level: 'chat', presetId: null });
    expect(origins.seed).toEqual({ level: 'model', presetId: null });
    expect(origins.max_new_tokens).toEqual({ level: 'default' });
    expect([systemPrompt, presetId]).toEqual(['model', 'warm']);
  });

  test('what is set by hand on a level lies over its preset and under the next level', () => {
    const { sampling } = resolve(
      levels({
        everywhere: level({ presetId: 'narrow', sampling: { top_k: 9 } }),
        model: level({ sampling: { top_p: 0.5 } }),
      }),
      preset,
    );
    expect(sampling).toMatchObject({ top_k: 9, top_p: 0.5, temperature: 1 });
  });

  test('without the levels above, what lies below them shows', () => {
    expect(resolve(upTo(all, 'model'), preset).sampling).toMatchObject({ temperature: 0.4, top_p: 0.5 });
    expect(resolve(upTo(all, 'everywhere'), preset).sampling).toMatchObject({ temperature: 0.1, seed: 1 });
  });

  test('an empty system prompt of a chat is one: none', () => {
    expect(resolve({ ...all, chat: level({ systemPrompt: '' }) }, preset).systemPrompt).toBe('');
  });

  test('a preset that is gone says nothing', () => {
    const gone = resolve({ ...all, chat: level({ presetId: 'gone' }) }, preset);
    expect(gone.sampling.temperature).toBe(0.4);
    expect(gone.presetId).toBeNull();
  });
});

test('whatever is set where, each parameter has the value of the last level that says something of it', () => {
  const own = fc.record(
    { temperature: fc.double({ min: 0, max: 5, noNaN: true }), top_k: fc.nat(200), seed: fc.nat() },
    { requiredKeys: [] },
  );
  const one = fc.record({ presetId: fc.constantFrom(null, 'warm', 'narrow'), sampling: own });
  fc.assert(
    fc.property(one, one, one, (everywhere, model, chat) => {
      const given = { everywhere: level(everywhere), model: level(model), chat: level(chat) } as Levels;
      const { sampling, origins } = resolve(given, preset);
      for (const name of ['temperature', 'top_k', 'seed'] as const) {
        const says = (at: LevelName) =>
          given[at].sampling[name] !== undefined ||
          (given[at].presetId !== null && presetParameters.includes(name));
        const last = levelNames.filter(says).at(-1);
        expect(origins[name].level).toBe(last ?? 'default');
        if (last === undefined) expect(sampling[name]).toBe(parameters[name].default);
        else if (given[last].sampling[name] !== undefined)
          expect(sampling[name]).toBe(given[last].sampling[name]);
      }
    }),
  );
});

test('a level that was damaged keeps what can be read of it', () => {
  expect(readLevel(null)).toEqual(emptyLevel);
  expect(readLevel([1])).toEqual(emptyLevel);
  const odd = {
    presetId: 7,
    systemPrompt: 'Hi',
    sampling: { temperature: 99, top_k: 3, unknown: 1, seed: 'x' },
  };
  expect(readLevel(odd)).toEqual({ presetId: null, systemPrompt: 'Hi', sampling: { top_k: 3 } });
});
