import { expect, test } from 'vitest';
import { defaultSampling, neutralSampling } from '../../../../preload/contract/parameters.js';
import {
  appliedValues,
  differingValues,
  keptValues,
  presetSampling,
  toPresetValues,
} from '../../../../preload/contract/preset-values.js';
import { samplerStages } from '../../../../preload/contract/sampler-stages.js';

test('a preset sets every sampler: what it says, and neutral what it leaves out', () => {
  const sampling = presetSampling({ min_p: 0.02, xtc_probability: 0.5 });
  expect({ ...neutralSampling(defaultSampling()), ...sampling }).toEqual({
    ...neutralSampling(defaultSampling()),
    min_p: 0.02,
    xtc_probability: 0.5,
  });
  // What is no sampler is none of its business.
  expect(sampling).not.toHaveProperty('seed');
  expect(sampling).not.toHaveProperty('negative_prompt');
});

test('what does not apply here is kept, and says why', () => {
  const values = {
    ...{ temperature: 0.7, penalty_alpha: 0.3, num_beams: 10, top_k: 1000, repetition_penalty: 4.5 },
    ...{ max_new_tokens: 256, made_up: 'x', do_sample: false, top_p: 'much' },
  };
  expect(appliedValues(values)).toEqual({ temperature: 0.7, do_sample: false });
  expect(Object.fromEntries(keptValues(values).map(({ name, reason }) => [name, reason]))).toEqual({
    penalty_alpha: expect.stringContaining('hidden states') as string,
    num_beams: expect.stringContaining('Beam search') as string,
    top_k: 'This goes from 0 to 200.',
    repetition_penalty: 'This goes from 1 to 1.5.',
    max_new_tokens: expect.stringContaining('samplers only') as string,
    made_up: 'This engine knows no parameter of this name.',
    top_p: 'This must be a number.',
  });
});

test('parameters become a preset by what differs from neutral, and the preset makes them again', () => {
  const order = [...samplerStages].reverse();
  const sampling = {
    ...neutralSampling(defaultSampling()),
    ...{ temperature: 0.7, top_k: 40, seed: 5, sampler_priority: order },
  };
  const values = toPresetValues(sampling);
  expect(values).toEqual({ temperature: 0.7, top_k: 40, sampler_priority: order });
  expect({ ...sampling, ...presetSampling(values) }).toEqual(sampling);
});

test('two presets are compared by what is not the same', () => {
  expect(differingValues({ temperature: 0.7, top_k: 40 }, { top_k: 40, min_p: 0.1 })).toEqual([
    { name: 'min_p', one: null, other: 0.1 },
    { name: 'temperature', one: 0.7, other: null },
  ]);
});
