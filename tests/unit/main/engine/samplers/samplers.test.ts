/** Each sampler against figures worked out by hand on fixed distributions, and what must hold for all of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entropy, probabilities, type Candidates } from '../../../../../main/engine/samplers/candidates.js';
import { needsChain, SamplerChain } from '../../../../../main/engine/samplers/chain.js';
import * as cutoffs from '../../../../../main/engine/samplers/cutoffs.js';
import { dynamicTemperature, smoothing, temperature } from '../../../../../main/engine/samplers/curves.js';
import { Mirostat } from '../../../../../main/engine/samplers/mirostat.js';
import { randomNumbers } from '../../../../../main/engine/samplers/random.js';
import { dry, noRepeatNgram } from '../../../../../main/engine/samplers/repetition.js';
import {
  defaultSampling,
  neutralSampling,
  type Sampling,
} from '../../../../../preload/contract/parameters.js';

/** Candidates with these probabilities; the token is the place. */
const of = (...shares: number[]): Candidates => ({
  tokens: shares.map((_, index) => index),
  logits: shares.map((share) => Math.log(share)),
});
const sixth = of(0.4, 0.25, 0.15, 0.1, 0.06, 0.04);
const left = ({ tokens }: Candidates) => tokens.length;

describe('cutoffs', () => {
  test.each([
    ['top_k 2', cutoffs.topK(sixth, 2), 2],
    ['top_p 0.65 needs two', cutoffs.topP(sixth, 0.65), 2],
    ['top_p 0.66 needs three', cutoffs.topP(sixth, 0.66), 3],
    ['top_p 0 keeps one', cutoffs.topP(sixth, 0), 1],
    ['min_p 0.3: at least 0.12', cutoffs.minP(sixth, 0.3), 3],
    ['top_a 0.7: at least 0.112', cutoffs.topA(sixth, 0.7), 3],
    ['epsilon 9: at least 0.0009', cutoffs.epsilonCutoff(sixth, 9), 6],
    ['epsilon in ten-thousandths', cutoffs.epsilonCutoff(of(0.9, 0.0992, 0.0008), 9), 2],
    // Entropy 1.54 nats: sqrt(0.25) * exp(-1.54) = 0.107 is below 0.25.
    ['eta 2500', cutoffs.etaCutoff(sixth, 2500), 3],
    // Slopes 0.15 0.1 0.05 0.04 0.02, bends 0.05 0.05 0.01 0.02, shares 0.38 0.77 0.85 1.
    ['tfs 0.8', cutoffs.tailFree(sixth, 0.8), 3],
    // Mean -1.967, deviation 0.806 of the logarithms.
    ['top_n_sigma 1', cutoffs.topNSigma(sixth, 1), 2],
  ])('%s', (_name, result, kept) => {
    expect(left(result)).toBe(kept);
  });

  test('typical_p keeps what is about as surprising as expected', () => {
    // Entropy 1.54 nats; surprises 0.92 1.39 1.90 2.30: nearest are 1.39 (0.25), 1.90 (0.15), then 0.92 (0.4).
    expect(cutoffs.typicalP(sixth, 0.3).tokens).toEqual([1, 2]);
    expect(cutoffs.typicalP(sixth, 0.5).tokens).toEqual([0, 1, 2]);
  });

  test('xtc leaves the least likely of the likely ones, as often as asked', () => {
    expect(cutoffs.xtc(sixth, 0.1, 0.5, () => 0.4).tokens).toEqual([3, 4, 5]);
    expect(cutoffs.xtc(sixth, 0.1, 0.5, () => 0.6)).toBe(sixth);
    expect(cutoffs.xtc(sixth, 0.3, 1, () => 0)).toBe(sixth);
  });
});

describe('curves', () => {
  test('temperature 0.5 squares the odds', () => {
    const [a, b] = probabilities(temperature(of(0.8, 0.2), 0.5));
    expect(a! / b!).toBeCloseTo(16);
  });

  test('dynamic temperature is high where all is open and low where one is clear', () => {
    const ratio = (candidates: Candidates) => {
      const bent = dynamicTemperature(candidates, 0.5, 2, 1);
      return (bent.logits[0]! - bent.logits[1]!) / (candidates.logits[0]! - candidates.logits[1]!);
    };
    expect(ratio(of(0.5001, 0.4999))).toBeCloseTo(1 / 2, 3);
    expect(ratio(of(0.999999, 0.000001))).toBeGreaterThan(1.9);
  });

  test('smoothing is quadratic, and cubic with a curve', () => {
    const candidates: Candidates = { tokens: [0, 1], logits: [3, 1] };
    expect(smoothing(candidates, 0.25, 1).logits).toEqual([3, 2]);
    // 0.25 * (3 - 2) / 2 * 4 = 0.5 and 0.25 * (2 - 1) / 2 * 8 = 1.
    expect(smoothing(candidates, 0.25, 2).logits).toEqual([3, 1.5]);
  });
});

describe('repetition', () => {
  const options = { multiplier: 1, base: 2, allowedLength: 2, range: 0, breakers: new Set<number>() };
  const flat = of(0.25, 0.25, 0.25, 0.25);
  const penalty = (history: number[], token: number, more = {}) => {
    const result = dry(flat, history, { ...options, ...more });
    return Math.log(0.25) - result.logits[result.tokens.indexOf(token)]!;
  };

  test('DRY grows with the length of the repeated passage', () => {
    expect(penalty([7, 8, 3, 9, 7, 8], 3)).toBeCloseTo(1);
    expect(penalty([6, 7, 8, 3, 9, 6, 7, 8], 3)).toBeCloseTo(2);
    expect(penalty([8, 3, 9, 8], 3)).toBe(0);
    expect(penalty([7, 8, 3, 9, 7, 8], 2)).toBe(0);
  });

  test('a breaker ends the passage; the range bounds the look back', () => {
    expect(penalty([6, 7, 8, 3, 9, 6, 7, 8], 3, { breakers: new Set([6]) })).toBeCloseTo(1);
    expect(penalty([6, 7, 8, 3, 9, 6, 7, 8], 3, { breakers: new Set([8]) })).toBe(0);
    expect(penalty([6, 7, 8, 3, 9, 6, 7, 8], 3, { range: 4 })).toBe(0);
  });

  test('no run of tokens comes twice', () => {
    expect(noRepeatNgram(flat, [1, 2, 3, 1, 2], 3).tokens).toEqual([0, 1, 2]);
    expect(noRepeatNgram(flat, [1, 2, 3, 1], 3).tokens).toEqual([0, 1, 2, 3]);
  });
});

test('mirostat holds the surprise near its target', () => {
  const mirostat = new Mirostat(2, 2, 0.2, 1000);
  const random = randomNumbers(3);
  const wide = of(...Array.from({ length: 64 }, () => 1 / 64));
  expect(left(mirostat.cut(wide))).toBe(1);
  const steep = of(...Array.from({ length: 40 }, (_, index) => 0.75 ** index));
  let surprise = 0;
  for (let i = 0; i < 2000; i++) {
    const shares = probabilities(mirostat.cut(steep));
    let rest = random();
    const share =
      shares[
        Math.max(
          0,
          shares.findIndex((value) => (rest -= value) < 0),
        )
      ]!;
    mirostat.learn(share);
    surprise += -Math.log2(share) / 2000;
  }
  expect(surprise).toBeCloseTo(2, 1);
});

const distribution = fc
  .array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 })
  .map((shares) => of(...shares.sort((a, b) => b - a)));
const neutral = neutralSampling(defaultSampling());
const chain = (more: Partial<Sampling> = {}, seed = 1) =>
  new SamplerChain({ sampling: { ...neutral, ...more }, seed, vocabularySize: 1000, breakers: new Set() });

describe('the chain', () => {
  test('neutral values change nothing', () => {
    fc.assert(
      fc.property(distribution, fc.array(fc.nat(39)), (candidates, history) => {
        expect(chain().apply(candidates, history)).toEqual(candidates);
      }),
    );
  });

  test('whatever is set, probabilities sum to 1, stay sorted, and at least one is left', () => {
    const any = fc.record({
      top_p: fc.double({ min: 0, max: 1, noNaN: true }),
      top_k: fc.nat(50),
      min_p: fc.double({ min: 0, max: 1, noNaN: true }),
      typical_p: fc.double({ min: 0, max: 1, noNaN: true }),
      tfs: fc.double({ min: 0, max: 1, noNaN: true }),
      top_a: fc.double({ min: 0, max: 1, noNaN: true }),
      top_n_sigma: fc.double({ min: 0, max: 5, noNaN: true }),
      eta_cutoff: fc.double({ min: 0, max: 20, noNaN: true }),
      xtc_probability: fc.double({ min: 0, max: 1, noNaN: true }),
      smoothing_factor: fc.double({ min: 0, max: 10, noNaN: true }),
      dynamic_temperature: fc.boolean(),
      dynatemp_high: fc.double({ min: 0.01, max: 5, noNaN: true }),
      dry_multiplier: fc.double({ min: 0, max: 5, noNaN: true }),
      no_repeat_ngram_size: fc.nat(3),
      mirostat_mode: fc.nat(2),
    });
    fc.assert(
      fc.property(distribution, any, fc.array(fc.nat(39)), (candidates, sampling, history) => {
        const result = chain(sampling).apply(candidates, history);
        const shares = probabilities(result);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
        expect(left(result)).toBeGreaterThan(0);
        expect([...result.logits].sort((a, b) => b - a)).toEqual(result.logits);
      }),
    );
  });

  test('samples as often as the probabilities say; the same seed gives the same tokens', () => {
    const draw = (seed: number) => {
      const one = chain({}, seed);
      return Array.from({ length: 4000 }, () => one.sample(sixth, []));
    };
    const tokens = draw(5);
    for (const [token, share] of [0.4, 0.25, 0.15, 0.1, 0.06, 0.04].entries()) {
      expect(tokens.filter((drawn) => drawn === token).length / 4000).toBeCloseTo(share, 1);
    }
    expect(draw(5)).toEqual(tokens);
    expect(draw(6)).not.toEqual(tokens);
  });

  test('is needed only for what llama.cpp’s own samplers lack', () => {
    expect(needsChain(defaultSampling())).toBe(false);
    expect(needsChain({ ...defaultSampling(), dry_multiplier: 0.8 })).toBe(true);
    expect(needsChain({ ...defaultSampling(), dry_multiplier: 0.8, temperature: 0 })).toBe(false);
  });
});

test('entropy of a fair coin is ln 2', () => {
  expect(entropy([0.5, 0.5])).toBeCloseTo(Math.LN2);
});
