/** Owns the rows of the tables that compare the models, out of their entries in the catalogue; pure. */
import { t } from '../../preload/contract/language.js';
import type { CatalogueEntry, History } from '../../preload/contract/catalogue.js';
import { dateLabel, parametersLabel } from './catalogue.js';
import { bytes, count, decimal } from './format.js';

type Row = readonly string[];

const forms = {
  full: t('complete weights'),
  delta: t('difference to the base'),
  xor: t('XOR with the base'),
  none: t('nothing'),
} as const;

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** One row for each family: sizes, first release, data, form, and whether there are files to load. */
export function overviewRows(
  entries: readonly CatalogueEntry[],
  families: readonly { readonly family: string; readonly data: string }[],
): Row[] {
  return families.map(({ family, data }) => {
    const released = releasedOf(entries, family);
    const withFiles = released.filter(({ repositories }) => repositories.length > 0).length;
    return [
      family,
      unique(released.map(({ parameters }) => sizeName(parameters))).join(', '),
      dateLabel(released.map((entry) => entry.released ?? '').sort()[0] ?? ''),
      t(data),
      unique(released.map(({ original }) => forms[original.form])).join(', '),
      withFiles === released.length
        ? t('all')
        : withFiles === 0
          ? t('by import')
          : t('{some} of {all}', { some: withFiles, all: released.length }),
    ];
  });
}

const releasedOf = (entries: readonly CatalogueEntry[], family: string) =>
  entries
    .filter((entry) => entry.family === family && entry.released !== null)
    .sort((a, b) => a.parameters - b.parameters);

/** As people call it: `7B`, not 6.7. */
function sizeName(parameters: number): string {
  const names: readonly (readonly [number, string])[] = [
    [6.7e9, '7B'],
    [13e9, '13B'],
    [32.5e9, '33B'],
    [65.3e9, '65B'],
  ];
  const named = names.find(([usual]) => Math.abs(parameters / usual - 1) < 0.02);
  return named?.[1] ?? parametersLabel(parameters);
}

const judges = 'LMSYS leaderboard, June 2023';

/** The models that were judged then, best first. */
export function judgedRows(entries: readonly CatalogueEntry[]): Row[] {
  const figure = ({ results }: CatalogueEntry, test: string) =>
    results.find((result) => result.test === test && result.source === judges)?.value ?? null;
  const text = (value: number | null, digits: number) => (value === null ? '–' : decimal(value, digits));
  return entries
    .filter((entry) => figure(entry, 'MT-bench') !== null)
    .sort((a, b) => figure(b, 'MT-bench')! - figure(a, 'MT-bench')!)
    .map((entry) => [
      entry.name,
      text(figure(entry, 'MT-bench'), 2),
      // eslint-disable-next-line altiplano/no-loose-text -- names a test in the catalogue of models
      text(figure(entry, 'Arena Elo'), 0),
      text(figure(entry, 'MMLU'), 1),
    ]);
}

/** Bytes of keys and values for one token in 16 bits. */
const kvBytes = ({ architecture: { layers, kvHeads, headSize } }: CatalogueEntry) =>
  2 * 2 * layers * kvHeads * headSize;

/** Files by quantisation, and what the context adds. @param llamas in the order of the sizes */
export function sizeRows(sizes: History['sizes'], llamas: readonly CatalogueEntry[]): Row[] {
  return [
    ...sizes.map(({ quantization, sizesBytes, perplexity }) => [
      quantization,
      ...sizesBytes.map(bytes),
      perplexity === null ? '–' : decimal(perplexity, 2),
    ]),
    [t('KV cache, 2,048 tokens'), ...llamas.map((entry) => bytes(2048 * kvBytes(entry))), ''],
  ];
}

/** The shapes that there are: the other families have those of LLaMA. */
export function architectureRows(entries: readonly CatalogueEntry[]): Row[] {
  return entries
    .filter(({ family }) => family === 'LLaMA' || family === 'Starters')
    .map((entry) => {
      const { layers, heads, kvHeads, width, feedForward, vocabulary } = entry.architecture;
      const cache = bytes(1000 * kvBytes(entry));
      const shape = [layers, heads, kvHeads, width, feedForward, vocabulary ?? 0, entry.contextSize];
      return [entry.name, ...shape.map(count), cache];
    });
}

export const mixRows = (mix: History['trainingMix']): Row[] =>
  mix.map(({ source, percent, note }) => [t(source), `${count(percent)} %`, t(note)]);
