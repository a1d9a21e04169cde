/** What the page says of batches, and what it finds that fewer bits cost. */
import { expect, test } from 'vitest';
import type { Batch, Measured } from '../../../preload/contract/batches.js';
import {
  baseName,
  batchState,
  costRow,
  judgeWords,
  labelsOf,
  measureHead,
  measureRow,
  quantizationCosts,
} from '../../../renderer/lib/batches.js';

const batch: Batch = {
  ...{ id: 'b', kind: 'replies', name: 'Set', state: 'running', createdAt: 0, contestants: [], judge: null },
  ...{ total: 1200, done: 40, failed: 2, current: null, unvoted: 0 },
};

test('a batch says how far it is', () => {
  expect(batchState({ ...batch, current: 'Llama' }, true)).toBe('40 of 1,200, 2 failed: Llama');
  expect(batchState(batch, false)).toBe('Waits for the one before it: 40 of 1,200');
  expect(batchState({ ...batch, state: 'paused', failed: 0 }, false)).toBe('Paused at 40 of 1,200');
  expect(batchState({ ...batch, state: 'ended', done: 1200 }, false)).toBe('Done: 1,198 of 1,200, 2 failed');
});

const measured = (
  modelName: string,
  values: Partial<Measured> = {},
  presetId: string | null = null,
): Measured => ({
  contestant: {
    ...{ id: modelName, modelPath: `/${modelName}`, modelName, presetId, presetName: '' },
    ...{ template: null, templateName: '' },
  },
  ...{ answered: 80, failed: 0, sizeBytes: null, memoryBytes: null, tokensPerSecond: null },
  ...{ timeToFirstTokenMs: null, tokens: null, characters: null, perplexity: null, rates: [] },
  ...values,
});

test.each([
  ['Llama-2-7B-Q4_K_M', 'Llama-2-7B'],
  ['Llama-2-7B.f16', 'Llama-2-7B'],
  ['vicuna-7b-v1.5.Q8_0', 'vicuna-7b-v1.5'],
  ['SmolLM2-135M-Instruct-Q4_1', 'SmolLM2-135M-Instruct'],
  ['koala-13B', 'koala-13B'],
])('%s without its quantisation is %s', (name, base) => {
  expect(baseName(name)).toBe(base);
});

test('files of one model are measured against the largest; others, and other settings, stand alone', () => {
  const big = measured('Llama-F16', {
    ...{ sizeBytes: 1000, memoryBytes: 2000, tokensPerSecond: 10, perplexity: 8 },
    rates: [{ voter: 'user', duels: 10, points: 5.5 }],
  });
  const small = measured('Llama-Q4_K_M', {
    ...{ sizeBytes: 300, memoryBytes: 1000, tokensPerSecond: 25, perplexity: 8.4 },
    rates: [{ voter: 'user', duels: 10, points: 4.5 }],
  });
  const costs = quantizationCosts([
    small,
    big,
    measured('Llama-Q8_0', { sizeBytes: 500 }, 'hot'),
    measured('Koala-Q4_0', { sizeBytes: 5 }),
  ]);
  expect(costs).toHaveLength(1);
  expect(costs[0]).toMatchObject({ base: 'Llama', largest: { contestant: { modelName: 'Llama-F16' } } });
  expect(costRow(costs[0]!.smaller[0]!)).toEqual([
    'Llama-Q4_K_M',
    '30 %',
    '50 %',
    '2.50 ×',
    '+5.0 %',
    '45 % of 10',
  ]);
});

test('files of one name are told apart by their folders', () => {
  const [one, other] = [measured('a/Llama'), measured('b/Llama')].map((each) => ({
    ...each,
    contestant: { ...each.contestant, modelName: 'Llama' },
  }));
  expect(labelsOf([one!, other!, measured('Koala')])).toEqual(['Llama (a)', 'Llama (b)', 'Koala']);
});

test('what was not measured is a dash', () => {
  const row = measureRow(measured('Llama', { failed: 2, answered: 78 }), 'Llama');
  expect(row).toEqual(['Llama', '78 (2 failed)', '–', '–', '–', '–', '–', '–']);
  expect(row).toHaveLength(measureHead.length);
});

test('a judge’s bias and its agreement are told with their counts', () => {
  const report = {
    ...{ judge: 'J', pairs: 8, disagreed: 2, preferredFirst: 2, preferredSecond: 0, failed: 1 },
    agreement: { both: 5, same: 4, kappa: 0.615 },
  };
  const [bias, agrees, failed] = judgeWords(report);
  expect(bias).toContain('on 25 % of the pairs (2 of 8)');
  expect(agrees).toContain('on 80 % (4 of 5 duels); Cohen’s kappa 0.61');
  expect(failed).toBe('Could not be judged: 1 pair.');
  const [, unknown] = judgeWords({ ...report, agreement: { both: 0, same: 0, kappa: null } });
  expect(unknown).toContain('not known');
});
