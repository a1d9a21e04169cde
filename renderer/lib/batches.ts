/** Owns the figures of batches in words, and what a quantisation costs; pure. */
import { t } from '../../preload/contract/language.js';
import { contestantLabel } from '../../preload/contract/arena-words.js';
import type { Batch, BatchResults, JudgeReport, Measured } from '../../preload/contract/batches.js';
import { quantizations } from '../../preload/contract/quantizations.js';
import { bytes, count, decimal, folderName } from './format.js';

/** How far a batch is, in words. */
export function batchState({ state, done, total, failed, current }: Batch, isFirst: boolean): string {
  const counts = { done, total, failed };
  if (state === 'ended') {
    const ended = { ...counts, done: total - failed };
    return failed === 0
      ? t('Done: {done, number} of {total, number}', ended)
      : t('Done: {done, number} of {total, number}, {failed, number} failed', ended);
  }
  if (state === 'paused')
    return failed === 0
      ? t('Paused at {done, number} of {total, number}', counts)
      : t('Paused at {done, number} of {total, number}, {failed, number} failed', counts);
  if (current === null && !isFirst)
    return t('Waits for the one before it: {done, number} of {total, number}', counts);
  const share =
    failed === 0
      ? t('{done, number} of {total, number}', counts)
      : t('{done, number} of {total, number}, {failed, number} failed', counts);
  return current === null ? share : `${share}: ${current}`;
}

const fixed = (value: number | null, digits: number, unit = '') =>
  value === null ? '–' : `${decimal(value, digits)}${unit}`;

export const measureHead = [
  t('Contestant'),
  t('Answered'),
  t('File'),
  t('Memory'),
  t('Speed'),
  t('First token'),
  t('Tokens'),
  t('Perplexity'),
] as const;

/** What contestants are called, with their folders where files of one name lie in several. */
export function labelsOf(contestants: readonly Measured[]): string[] {
  const labels = contestants.map(({ contestant }) => contestantLabel(contestant));
  return labels.map((label, index) =>
    labels.indexOf(label) === labels.lastIndexOf(label)
      ? label
      : `${label} (${folderName(contestants[index]!.contestant.modelPath)})`,
  );
}

/** A row of the table under `measureHead`, and how often it won, by voter. */
export function measureRow(one: Measured, label: string): string[] {
  const { answered, failed, sizeBytes, memoryBytes, perplexity, rates } = one;
  return [
    label,
    failed === 0 ? count(answered) : t('{answered, number} ({failed, number} failed)', { answered, failed }),
    sizeBytes === null ? '–' : bytes(sizeBytes),
    memoryBytes === null ? '–' : bytes(memoryBytes),
    fixed(one.tokensPerSecond, 1, ' tok/s'),
    fixed(one.timeToFirstTokenMs, 0, ' ms'),
    fixed(one.tokens, 0),
    fixed(perplexity, 2),
    ...rates.map(winRate),
  ];
}

/**
 * The rows of the table of what was won with each kind of prompts, with one cell a contestant.
 * @param voter whose votes count
 */
export function groupRows(groups: BatchResults['groups'], voter: string): string[][] {
  return groups.map(({ category, level, contestants }) => [
    level === null ? category : t('{category}, level {level}', { category, level }),
    ...contestants.map((rates) => {
      const rate = rates.find((one) => one.voter === voter);
      return rate === undefined ? '–' : winRate(rate);
    }),
  ]);
}

const winRate = ({ duels, points }: Measured['rates'][number]): string =>
  duels === 0
    ? '–'
    : t('{percent} % of {duels, number}', { percent: Math.round((100 * points) / duels), duels });

/** The share of pairs on which a judge's two orders differ, and the agreement with the user, as sentences. */
export function judgeWords(report: JudgeReport): readonly string[] {
  const { pairs, disagreed, preferredFirst, preferredSecond, failed, agreement } = report;
  const percent = (part: number, whole: number) => `${Math.round((100 * part) / whole)} %`;
  const bias =
    pairs === 0
      ? t('No pair was judged in both orders yet.')
      : t(
          'Position bias: on {percent} of the pairs ({differing, number} of {pairs, number}) the two orders differed, which counts as a tie; {first, number} times whatever came first was preferred, {second, number} times whatever came second.',
          {
            percent: percent(disagreed, pairs),
            differing: disagreed,
            pairs,
            first: preferredFirst,
            second: preferredSecond,
          },
        );
  const { both, same, kappa } = agreement;
  const agrees =
    both === 0
      ? t('You have voted on none of these duels yet, so its agreement with you is not known.')
      : kappa === null
        ? t(
            'It agrees with you on {percent} ({same, number} of {both, number} duels); too alike to tell from chance.',
            { percent: percent(same, both), same, both },
          )
        : t(
            'It agrees with you on {percent} ({same, number} of {both, number} duels); Cohen’s kappa {kappa}, where 0 is chance and 1 is always.',
            { percent: percent(same, both), same, both, kappa: decimal(kappa, 2) },
          );
  return [
    bias,
    agrees,
    ...(failed === 0
      ? []
      : [t('Could not be judged: {count, plural, one {# pair} other {# pairs}}.', { count: failed })]),
  ];
}

const suffix = new RegExp(
  `[-._ ]+(?:${quantizations.map(({ id }) => id).join('|')}|I?Q\\d\\w*|[BF]?F(?:16|32))$`,
  'i',
);

/** A model's name without its quantisation. */
export const baseName = (modelName: string): string => modelName.replace(suffix, '');

/** What a smaller file of the same model costs, against its largest one; null where something was not measured. */
export type Cost = {
  readonly measured: Measured;
  /** Shares of the largest one's: 0.5 = half as much. */
  readonly size: number | null;
  readonly memory: number | null;
  readonly speed: number | null;
  /** What was added: 0.1 = a tenth more. */
  readonly perplexity: number | null;
};

export type Costs = { readonly base: string; readonly largest: Measured; readonly smaller: readonly Cost[] };

/** The models of which several files answered under the same settings, each file against the largest. */
export function quantizationCosts(contestants: readonly Measured[]): Costs[] {
  const keyOf = ({ contestant }: Measured) =>
    JSON.stringify([baseName(contestant.modelName), contestant.presetId, contestant.template]);
  return [...new Set(contestants.map(keyOf))].flatMap((key) => {
    const files = contestants.filter((one) => keyOf(one) === key && one.sizeBytes !== null);
    const [largest, ...smaller] = files.sort((one, other) => other.sizeBytes! - one.sizeBytes!);
    if (largest === undefined || smaller.length === 0) return [];
    const share = (part: number | null, whole: number | null) =>
      part === null || whole === null || whole === 0 ? null : part / whole;
    return [
      {
        base: baseName(largest.contestant.modelName),
        largest,
        smaller: smaller.map((measured) => {
          const perplexity = share(measured.perplexity, largest.perplexity);
          return {
            measured,
            size: share(measured.sizeBytes, largest.sizeBytes),
            memory: share(measured.memoryBytes, largest.memoryBytes),
            speed: share(measured.tokensPerSecond, largest.tokensPerSecond),
            perplexity: perplexity === null ? null : perplexity - 1,
          };
        }),
      },
    ];
  });
}

/** A row of the table of costs. */
export function costRow({ measured, size, memory, speed, perplexity }: Cost): string[] {
  const percent = (share: number | null) => (share === null ? '–' : `${Math.round(100 * share)} %`);
  return [
    measured.contestant.modelName,
    percent(size),
    percent(memory),
    speed === null ? '–' : `${decimal(speed, 2)} ×`,
    perplexity === null ? '–' : `${perplexity < 0 ? '−' : '+'}${decimal(100 * Math.abs(perplexity), 1)} %`,
    ...measured.rates.map(winRate),
  ];
}
