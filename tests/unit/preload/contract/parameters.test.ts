import { expect, test } from 'vitest';
import { defaultSampling, neutralSampling, parameters } from '../../../../preload/contract/parameters.js';
import { completeOrder, samplerStages } from '../../../../preload/contract/sampler-stages.js';
import { samplingSchema } from '../../../../preload/contract/sampling-schema.js';

test('nothing said gives the defaults; a value out of its range, or text that can’t be read, is refused', () => {
  expect(samplingSchema.parse({})).toEqual(defaultSampling());
  expect(samplingSchema.safeParse({ adaptive_decay: 1 }).success).toBe(false);
  expect(samplingSchema.safeParse({ do_sample: 1 }).success).toBe(false);
  expect(samplingSchema.safeParse({ dry_sequence_breakers: '"\\n", ' }).success).toBe(false);
  expect(samplingSchema.safeParse({ dry_sequence_breakers: '["\\n", "User:"]' }).success).toBe(true);
});

test('every default lies in its range', () => {
  for (const parameter of Object.values(parameters)) {
    if (parameter.kind !== 'number') continue;
    expect(parameter.default).toBeGreaterThanOrEqual(parameter.min);
    expect(parameter.default).toBeLessThanOrEqual(parameter.max);
  }
});

test('neutralising leaves alone what is no sampler', () => {
  const neutral = neutralSampling({ ...defaultSampling(), tfs: 0.5, seed: 7, max_new_tokens: 20 });
  expect(neutral).toMatchObject({ temperature: 1, top_k: 0, tfs: 1, seed: 7, max_new_tokens: 20 });
});

test('an order of samplers is made whole: each stage once, the missing ones where they usually stand', () => {
  expect(completeOrder([])).toEqual(samplerStages);
  const turned = [...samplerStages].reverse();
  expect(completeOrder(turned)).toEqual(turned);
  const some = completeOrder(['temperature', 'min_p', 'unknown', 'temperature', 'top_k']);
  expect([...some].sort()).toEqual([...samplerStages].sort());
  expect(some.indexOf('temperature')).toBeLessThan(some.indexOf('min_p'));
  expect(some[some.indexOf('temperature') + 1]).toBe('dynamic_temperature');
  expect(some[0]).toBe('repetition_penalty');
});
