/** The samplers that llama.cpp lacks, against figures worked out by hand from their formulas; and what they cost. */
import { describe, expect, test } from 'vitest';
import { entropy, type Candidates } from '../../../../../main/engine/samplers/candidates.js';
import * as cutoffs from '../../../../../main/engine/samplers/cutoffs.js';
import { smoothing } from '../../../../../main/engine/samplers/curves.js';
import { dry } from '../../../../../main/engine/samplers/dry.js';
import { sequenceBreakers } from '../../../../../main/engine/samplers/dry-breakers.js';
import { Mirostat } from '../../../../../main/engine/samplers/mirostat.js';
import {
  countTokens,
  encoderRepetitionPenalty,
  noRepeatNgram,
} from '../../../../../main/engine/samplers/repetition.js';
import { fromLogits, fromShares } from './distributions.js';

const sixth = fromShares(0.4, 0.25, 0.15, 0.1, 0.06, 0.04);
const left = ({ tokens }: Candidates) => tokens.length;

describe('cutoffs', () => {
  test.each([
    // p ≥ a · p_max²: 0.7 · 0.16 = 0.112.
    ['top_a 0.7', cutoffs.topA(sixth, 0.7), 3],
    ['top_a 0', cutoffs.topA(sixth, 0), 6],
    // p ≥ ε, in ten-thousandths: 0.0009.
    ['epsilon_cutoff 9', cutoffs.epsilonCutoff(fromShares(0.9, 0.0992, 0.0008), 9), 2],
    ['epsilon_cutoff 7', cutoffs.epsilonCutoff(fromShares(0.9, 0.0992, 0.0008), 7), 3],
    // p ≥ min(ε, √ε · e^−H): H = 1.54 nats; with ε = 0.25 the bound is 0.5 · 0.214 = 0.107.
    ['eta_cutoff 2500', cutoffs.etaCutoff(sixth, 2500), 3],
    // Here H = 0.329: √0.002 · e^−0.329 = 0.032 is above ε = 0.002, which is the bound.
    ['eta_cutoff 20', cutoffs.etaCutoff(fromShares(0.9, 0.0985, 0.0015), 20), 2],
    // Slopes 0.15 0.1 0.05 0.04 0.02, bends 0.05 0.05 0.01 0.02; their sums as shares 0.38 0.77 0.85 1.
    ['tfs 0.8', cutoffs.tailFree(sixth, 0.8), 3],
    ['tfs 0.7', cutoffs.tailFree(sixth, 0.7), 2],
    ['tfs 1', cutoffs.tailFree(sixth, 1), 6],
  ])('%s', (_name, result, kept) => {
    expect(left(result)).toBe(kept);
  });
});

test('smoothing is quadratic in the distance to the likeliest, and cubic with a curve', () => {
  const candidates = fromLogits([3, 1]);
  expect(smoothing(candidates, 0.25, 1).logits).toEqual([3, 2]);
  // 0.25 · (3 − 2) / 2 · 2² = 0.5 and 0.25 · (2 − 1) / 2 · 2³ = 1.
  expect(smoothing(candidates, 0.25, 2).logits).toEqual([3, 1.5]);
});

test('encoder_repetition_penalty raises what the prompt has, whatever the sign', () => {
  const raised = encoderRepetitionPenalty(fromLogits([2, 1, -1, -2]), new Set([1, 3]), 1.25);
  expect(raised).toEqual({ tokens: [0, 1, 2, 3], logits: [2, 1.25, -1, -1.6] });
  const lowered = encoderRepetitionPenalty(fromLogits([2, 1, -1]), new Set([0]), 0.8);
  expect(lowered).toEqual({ tokens: [0, 1, 2], logits: [1.6, 1, -1] });
});

test('no run of tokens comes twice', () => {
  const flat = fromLogits([0, 0, 0, 0]);
  expect(noRepeatNgram(flat, [1, 2, 3, 1, 2], 3).tokens).toEqual([0, 1, 2]);
  expect(noRepeatNgram(flat, [1, 2, 3, 1], 3).tokens).toEqual([0, 1, 2, 3]);
  expect(noRepeatNgram(flat, [1, 3], 1).tokens).toEqual([0, 2]);
});

test('tokens are counted in the range that is looked back at', () => {
  expect([...countTokens([5, 5, 6, 5], 3)]).toEqual([
    [5, 2],
    [6, 1],
  ]);
  expect(countTokens([5, 5, 6, 5], 0).get(5)).toBe(3);
});

test('mirostat 1 keeps all where the curve is flat: any number of tokens has the surprise asked for', () => {
  const flat = fromLogits(Array.from({ length: 50 }, () => 0));
  expect(left(new Mirostat(1, 5, 0.1, 50).cut(fromLogits([...flat.logits, 0.01])))).toBe(51);
});

describe('DRY', () => {
  const flat = fromLogits([0, 0, 0, 0]);
  const options = { multiplier: 1, base: 2, allowedLength: 2, range: 0, breakers: new Map() };
  const penalty = (history: readonly number[], token: number, more = {}) => {
    const { tokens, logits } = dry(flat, history, { ...options, ...more });
    return -logits[tokens.indexOf(token)]!;
  };

  test('grows with the length of the repeated passage', () => {
    expect(penalty([7, 8, 3, 9, 7, 8], 3)).toBeCloseTo(1);
    expect(penalty([6, 7, 8, 3, 9, 6, 7, 8], 3)).toBeCloseTo(2);
    expect(penalty([8, 3, 9, 8], 3)).toBe(-0);
    expect(penalty([7, 8, 3, 9, 7, 8], 2)).toBe(-0);
  });

  test('a breaker ends the passage and is never lowered; the range bounds the look back', () => {
    const six = { breakers: new Map([[6, [[]]]]) };
    expect(penalty([6, 7, 8, 3, 9, 6, 7, 8], 3, six)).toBeCloseTo(1);
    expect(penalty([7, 8, 3, 9, 7, 8], 3, { breakers: new Map([[3, [[]]]]) })).toBe(-0);
    expect(penalty([6, 7, 8, 3, 9, 6, 7, 8], 3, { range: 4 })).toBe(-0);
  });

  test('stays finite after a passage of any length', () => {
    const long = Array.from({ length: 5000 }, () => 1);
    expect(penalty(long, 1, { base: 4 })).toBeGreaterThan(1e36);
    expect(penalty(long, 1, { base: 4 })).toBeLessThan(Infinity);
  });

  test.each([
    ['one token again and again', () => 1],
    ['two in turn', (at: number) => at % 2],
    ['a page that repeats', (at: number) => (at * 7919) % 500],
  ])('reads a history of %s a few times, not once for each of its places', (_name, token) => {
    const length = 8000;
    let reads = 0;
    const history = new Proxy(
      Array.from({ length }, (_, at) => token(at)),
      {
        get(target, key, receiver) {
          if (typeof key === 'string' && key !== 'length') reads++;
          return Reflect.get(target, key, receiver) as unknown;
        },
      },
    );
    dry(flat, history, options);
    expect(reads).toBeGreaterThan(length);
    expect(reads).toBeLessThan(8 * length);
  });

  test('breakers are found inside tokens, and across them', () => {
    const texts = ['a', '\n', 'x\n\n', 'end', ' U', 'User', 'ser:', ':'];
    const tokenize = (text: string) => [texts.indexOf(text)];
    const breakers = sequenceBreakers(['\n', 'User:', ''], texts, tokenize);
    expect(breakers.get(1)).toEqual([[]]);
    expect(breakers.get(2)).toEqual([[]]);
    expect(breakers.get(4)).toEqual([[6]]);
    expect(breakers.get(5)).toEqual([[7]]);
    expect([...breakers.keys()].sort()).toEqual([1, 2, 4, 5]);
  });
});

test('entropy of a fair coin is ln 2', () => {
  expect(entropy([0.5, 0.5])).toBeCloseTo(Math.LN2);
});
