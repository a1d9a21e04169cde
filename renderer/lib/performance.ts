/** Owns comparing the sizes of LLaMA by the results of its paper: each as a share of the largest; pure. */
import { t } from '../../preload/contract/language.js';
import type { CatalogueModel } from '../../preload/contract/catalogue.js';

const shots = (test: string) => [0, 1, 5, 64].map((count) => `${test}, ${count}-shot`);

/** The tables of the paper, by what they test. */
const areas: readonly { readonly name: string; readonly tests: readonly string[] }[] = [
  {
    name: t('Common sense'),
    tests: [
      ...['BoolQ', 'PIQA', 'SIQA', 'HellaSwag', 'WinoGrande', 'ARC easy', 'ARC challenge', 'OpenBookQA'],
    ],
  },
  { name: t('Reading'), tests: ['RACE middle', 'RACE high'] },
  { name: t('Trivia (TriviaQA)'), tests: shots('TriviaQA') },
  {
    name: t('Questions (Natural Questions)'), // eslint-disable-next-line altiplano/no-loose-text -- names a test in the catalogue of models
    tests: shots('Natural Questions'),
  },
  { name: t('School subjects (MMLU)'), tests: ['MMLU'] },
  {
    name: t('Code'),
    tests: ['HumanEval, first try', 'HumanEval, 100 tries', 'MBPP, first try', 'MBPP, 80 tries'],
  },
  { name: t('Mathematics'), tests: ['MATH', 'MATH, majority vote', 'GSM8K', 'GSM8K, majority vote'] },
];

export type AreaShares = {
  readonly name: string;
  /** In percent of the largest model, in the order of the models. */
  readonly shares: readonly number[];
};

/**
 * The mean over an area's tests of the share of the largest model's result, and the mean over the areas.
 * @param models by size, the largest at the end
 */
export function sharesByArea(models: readonly Pick<CatalogueModel, 'results'>[]): AreaShares[] {
  const figures = models.map(({ results }) => new Map(results.map(({ test, value }) => [test, value])));
  const largest = figures.at(-1);
  const rows = areas.map(({ name, tests }) => ({
    name,
    shares: figures.map((figure) =>
      mean(tests.map((test) => (100 * (figure.get(test) ?? NaN)) / (largest?.get(test) ?? NaN))),
    ),
  }));
  const all = models.map((_, index) => mean(rows.map(({ shares }) => shares[index]!)));
  return [{ name: t('All areas'), shares: all }, ...rows];
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
