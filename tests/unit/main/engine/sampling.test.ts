import { expect, test } from 'vitest';
import { nativeSampling, needsChain, rawSampling } from '../../../../main/engine/sampling.js';
import { defaultSampling, neutralSampling, type Sampling } from '../../../../preload/contract/parameters.js';
import { completeOrder, type SamplerStage } from '../../../../preload/contract/sampler-stages.js';

const usual = defaultSampling();
const neutral = neutralSampling(usual);
const first = (...stages: SamplerStage[]) => {
  const rest = usual.sampler_priority.filter((stage) => !stages.includes(stage));
  return { sampler_priority: completeOrder([...stages, ...rest]) };
};

test.each<[string, Partial<Sampling>, boolean]>([
  ['the defaults', {}, false],
  ['penalties and XTC', { frequency_penalty: 0.4, presence_penalty: 0.2, xtc_probability: 0.5 }, false],
  ['greedy', { temperature: 0 }, false],
  ['no sampling', { do_sample: false, tfs: 0.5, sampler_priority: first('min_p').sampler_priority }, false],
  ['DRY', { dry_multiplier: 0.8 }, true],
  ['DRY and greedy', { dry_multiplier: 0.8, temperature: 0 }, true],
  ['temperature first', first('temperature'), true],
  ['temperature first, at 1', { ...first('temperature'), temperature: 1 }, false],
  ['temperature first, moved last', { ...first('temperature'), temperature_last: true }, false],
  ['another order of idle ones', first('mirostat', 'tfs', 'dry'), false],
  ['min_p before top_p', first('min_p'), true],
  ['penalties after a cutoff', first('top_k'), true],
])('%s: our chain %#', (_name, sampling, ours) => {
  expect(needsChain({ ...usual, ...sampling })).toBe(ours);
});

test('llama.cpp gets what the parameters say; not sampling is temperature 0', () => {
  const options = nativeSampling({ ...usual, xtc_probability: 0.5 }, 7, []);
  expect(options).toMatchObject({ temperature: 0.7, topK: 40, topP: 0.95, minP: 0.05, seed: 7 });
  expect(options.xtc).toEqual({ threshold: 0.1, probability: 0.5 });
  expect(nativeSampling({ ...usual, do_sample: false }, 7, []).temperature).toBe(0);
});

test.each<[string, Partial<Sampling>, boolean]>([
  ['a cutoff by the likeliest first', { ...first('min_p'), min_p: 0.05, top_p: 0.9 }, false],
  ['top_k first', { top_k: 40, typical_p: 0.9 }, false],
  ['a sum over all', { dry_multiplier: 1, top_p: 0.9 }, true],
  ['no cutoff', { dry_multiplier: 1 }, true],
  ['no cutoff, greedy', { dry_multiplier: 1, do_sample: false }, false],
  ['a deviation over all', { top_n_sigma: 1, top_k: 40 }, true],
  ['a deviation over few', { top_n_sigma: 1, top_k: 40, ...first('top_k') }, false],
  ['heat before the cutoff', { temperature: 2, min_p: 0.1, ...first('temperature') }, true],
  ['cold before the cutoff', { temperature: 0.5, min_p: 0.1, ...first('temperature') }, false],
  ['adaptive-p alone', { adaptive_target: 0.3 }, true],
  ['mirostat', { mirostat_mode: 2 }, false],
  ['mirostat that wants the unlikely', { mirostat_mode: 2, mirostat_tau: 8 }, true],
])('%s: the whole vocabulary %#', (_name, sampling, whole) => {
  expect(rawSampling({ ...neutral, ...sampling }, false).topK === 0).toBe(whole);
});
