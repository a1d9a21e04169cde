import { expect, test } from 'vitest';
import { parseChange, parseSettings } from '../../../../main/settings/values.js';
import { emptyLevel } from '../../../../preload/contract/levels.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';
import { samplerStages } from '../../../../preload/contract/sampler-stages.js';

test('a value that does not fit falls back alone; the good ones stay', () => {
  const settings = parseSettings({
    theme: 'dark',
    contextSize: 'huge',
    sampling: { temperature: 1.2, top_p: 'most', min_p: -1 },
    unknown: 1,
  });
  expect(settings.theme).toBe('dark');
  expect(settings.contextSize).toBe(0);
  expect(settings.sampling).toEqual({ temperature: 1.2 });
});

test('a setting of another kind altogether falls back as a whole', () => {
  expect(parseSettings({ sampling: 'hot' })).toEqual(parseSettings({}));
  expect(parseSettings({ sampling: null, templates: 3 })).toEqual(parseSettings({}));
});

test('what an earlier version kept stays in force, and says only what is not usual', () => {
  const kept = {
    ...defaultSampling(),
    temperature: 0.9,
    max_new_tokens: 300,
    sampler_priority: samplerStages,
  };
  const settings = parseSettings({ systemPrompt: 'Be brief.', sampling: kept });
  expect(settings).toMatchObject({ systemPrompt: 'Be brief.', presetId: null, modelLevels: {} });
  expect(settings.sampling).toEqual({ temperature: 0.9, max_new_tokens: 300 });
});

test('over a preset, a value that is the usual one says something', () => {
  const { sampling } = parseSettings({ presetId: 'shipped:Yara', sampling: { temperature: 0.7 } });
  expect(sampling).toEqual({ temperature: 0.7 });
});

test('a damaged level of a model loses what is damaged of it alone', () => {
  const { modelLevels } = parseSettings({
    modelLevels: { '/a.gguf': { sampling: { top_k: 5, min_p: 'much' }, systemPrompt: 3 }, '/b.gguf': 'odd' },
  });
  expect(modelLevels['/a.gguf']).toEqual({ ...emptyLevel, sampling: { top_k: 5 } });
  expect(modelLevels['/b.gguf']).toEqual(emptyLevel);
});

test('a change saves what was given and nothing else', () => {
  expect(parseChange({ modelPath: '/a.gguf', theme: undefined })).toEqual({ modelPath: '/a.gguf' });
  expect(() => parseChange({ contextSize: -1 })).toThrow();
});
