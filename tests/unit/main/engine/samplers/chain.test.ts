/** What must hold for the chain of samplers, whatever is set. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { probabilities, type Candidates } from '../../../../../main/engine/samplers/candidates.js';
import { SamplerChain } from '../../../../../main/engine/samplers/chain.js';
import {
  defaultSampling,
  neutralSampling,
  parameters,
  type Parameter,
  type Sampling,
} from '../../../../../preload/contract/parameters.js';
import { samplerStages, type SamplerStage } from '../../../../../preload/contract/sampler-stages.js';
import { fromLogits, fromShares } from './distributions.js';

const neutral = neutralSampling(defaultSampling());
const chain = (more: Partial<Sampling> = {}, seed = 1) =>
  new SamplerChain({
    sampling: { ...neutral, ...more },
    seed,
    vocabularySize: 1000,
    breakers: new Map(),
    prompt: [0, 3],
  });

const distribution = fc
  .array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 40 })
  .map(fromLogits);
const tokens = fc.array(fc.nat(6), { maxLength: 30 });
/** Any value of any parameter. */
const anySampling = fc.record(
  Object.fromEntries(
    Object.entries(parameters)
      .filter(([, parameter]) => 'neutral' in parameter)
      .map(([name, parameter]) => [name, anyValue(parameter)]),
  ),
) as fc.Arbitrary<Partial<Sampling>>;

function anyValue(parameter: Parameter): fc.Arbitrary<unknown> {
  switch (parameter.kind) {
    case 'number': {
      const { min, max, neutral = parameter.default } = parameter;
      const any = parameter.integer ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
      return fc.oneof(fc.constant(neutral), any);
    }
    case 'toggle':
      return fc.boolean();
    case 'text':
      return fc.constant(parameter.default);
    case 'order':
      return fc.shuffledSubarray([...parameter.default], { minLength: parameter.default.length });
  }
}

/** Each stage alone at work. */
const alone: { readonly [S in SamplerStage]: Partial<Sampling> } = {
  repetition_penalty: { repetition_penalty: 1.3 },
  presence_penalty: { presence_penalty: 0.5 },
  frequency_penalty: { frequency_penalty: 0.4 },
  dry: { dry_multiplier: 0.8 },
  encoder_repetition_penalty: { encoder_repetition_penalty: 1.2 },
  no_repeat_ngram: { no_repeat_ngram_size: 2 },
  top_n_sigma: { top_n_sigma: 1.5 },
  top_k: { top_k: 12 },
  tfs: { tfs: 0.95 },
  typical_p: { typical_p: 0.9 },
  epsilon_cutoff: { epsilon_cutoff: 9 },
  eta_cutoff: { eta_cutoff: 20 },
  top_p: { top_p: 0.9 },
  top_a: { top_a: 0.2 },
  min_p: { min_p: 0.05 },
  xtc: { xtc_probability: 1, xtc_threshold: 0.1 },
  quadratic_sampling: { smoothing_factor: 0.3, smoothing_curve: 1.5 },
  temperature: { temperature: 1.7 },
  dynamic_temperature: { dynamic_temperature: true, dynatemp_low: 0.5, dynatemp_high: 2 },
  mirostat: { mirostat_mode: 2, mirostat_tau: 2 },
  adaptive_p: { adaptive_target: 0.3 },
};
const some = fromLogits([9, 7.5, 7, 5, 4.5, 4, 2, 1, 0.5, 0, -1, -2, -3, -3.5, -4]);
const past = [3, 1, 2, 3, 1];

test.each(samplerStages)('%s does something, and nothing at its neutral value', (stage) => {
  expect(chain(alone[stage]).apply(some, past)).not.toEqual(some);
  expect(chain().apply(some, past)).toEqual(some);
});

test('neutral values change nothing', () => {
  fc.assert(
    fc.property(distribution, tokens, (candidates, history) => {
      expect(chain().apply(candidates, history)).toEqual(candidates);
    }),
  );
});

test('whatever is set, probabilities sum to 1, stay sorted, and at least one candidate is left', () => {
  fc.assert(
    fc.property(distribution, anySampling, tokens, (candidates, sampling, history) => {
      const one = chain(sampling);
      for (let step = 0; step < 3; step++) {
        const result = one.apply(candidates, history);
        expect(result.tokens.length).toBeGreaterThan(0);
        expect(result.tokens.length).toBe(result.logits.length);
        expect(probabilities(result).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
        expect([...result.logits].sort((a, b) => b - a)).toEqual(result.logits);
        expect(candidates.tokens).toContain(one.sample(candidates, history));
      }
    }),
    { numRuns: 400 },
  );
});

test('in any order, the result is that of the stages one after another', () => {
  // Mirostat alone would put the cutoffs to rest.
  const stages: readonly SamplerStage[] = samplerStages.filter(
    (stage) => stage !== 'mirostat' && stage !== 'temperature',
  );
  const order = fc.shuffledSubarray([...stages], { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(distribution, order, tokens, (candidates, sampler_priority, history) => {
      const together = Object.assign(
        {},
        ...sampler_priority.map((stage) => alone[stage]),
      ) as Partial<Sampling>;
      const rest = samplerStages.filter((stage) => !sampler_priority.includes(stage));
      const result = chain({ ...together, sampler_priority: [...sampler_priority, ...rest] }).apply(
        candidates,
        history,
      );
      const byHand = sampler_priority.reduce<Candidates>(
        (left, stage) => chain(alone[stage]).apply(left, history),
        candidates,
      );
      expect(result).toEqual(byHand);
    }),
    { numRuns: 300 },
  );
});

test('temperature_last moves what bends the curve behind the cutoffs', () => {
  const hotFirst = (['temperature', 'min_p'] as SamplerStage[]).concat(
    samplerStages.filter((stage) => stage !== 'temperature' && stage !== 'min_p'),
  );
  const left = (more: Partial<Sampling>) =>
    chain({ temperature: 5, min_p: 0.3, sampler_priority: hotFirst, ...more }).apply(some, []);
  // At once, e^(−(9 − x) / 5) ≥ 0.3 for x ≥ 2.98; last, e^(−(9 − x)) ≥ 0.3 only for x ≥ 7.8.
  expect(left({}).tokens).toHaveLength(6);
  expect(left({ temperature_last: true }).tokens).toHaveLength(1);
});

test('mirostat stands for every cutoff and for adaptive-p', () => {
  const set = { ...alone.mirostat, ...alone.temperature };
  const other = { top_k: 1, min_p: 0.9, xtc_probability: 1, adaptive_target: 0.2 };
  expect(chain({ ...set, ...other }).apply(some, past)).toEqual(chain(set).apply(some, past));
});

test('without sampling, and at temperature 0, the likeliest after what looks back is taken', () => {
  for (const greedy of [{ do_sample: false }, { temperature: 0 }]) {
    expect(chain({ ...greedy, xtc_probability: 1 }).sample(some, [])).toBe(0);
    expect(chain({ ...greedy, no_repeat_ngram_size: 1 }).sample(some, [0, 2])).toBe(1);
  }
});

test('samples as often as the probabilities say; the same seed gives the same tokens', () => {
  const sixth = fromShares(0.4, 0.25, 0.15, 0.1, 0.06, 0.04);
  const draw = (seed: number) => {
    const one = chain({}, seed);
    return Array.from({ length: 4000 }, () => one.sample(sixth, []));
  };
  const drawn = draw(5);
  for (const [token, share] of [0.4, 0.25, 0.15, 0.1, 0.06, 0.04].entries()) {
    expect(drawn.filter((one) => one === token).length / 4000).toBeCloseTo(share, 1);
  }
  expect(draw(5)).toEqual(drawn);
  expect(draw(6)).not.toEqual(drawn);
});

test('mirostat holds the surprise near its target, adaptive-p follows its own', () => {
  const steep = fromShares(...Array.from({ length: 40 }, (_, index) => 0.75 ** index));
  const shares = new Map(steep.tokens.map((token, index) => [token, probabilities(steep)[index]!]));
  const mean = (more: Partial<Sampling>, figure: (share: number) => number) => {
    const one = chain(more, 3);
    const figures = Array.from({ length: 3000 }, () => figure(shares.get(one.sample(steep, []))!));
    return figures.reduce((sum, value) => sum + value, 0) / figures.length;
  };
  const adaptive = (adaptive_target: number) => mean({ adaptive_target }, (share) => share);
  expect(adaptive(0.3)).toBeGreaterThan(adaptive(0.15) + 0.01);
  expect(adaptive(0.15)).toBeGreaterThan(adaptive(0.02) + 0.01);
  const surprise = mean(
    { mirostat_mode: 2, mirostat_tau: 2.2, mirostat_eta: 0.2 },
    (share) => -Math.log2(share),
  );
  // The target holds for the probabilities after the cut, which are a little larger.
  expect(surprise).toBeGreaterThan(2);
  expect(surprise).toBeLessThan(3);
});
