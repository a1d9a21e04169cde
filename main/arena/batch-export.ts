/** Owns the files of a batch's results: a table of its contestants, or all of it with every reply; pure. */
import { contestantLabel } from '../../preload/contract/arena-words.js';
import type { BatchResults } from '../../preload/contract/batches.js';
import type { BatchOutcome } from '../db/batch-outcome.js';
import { csvOf } from './export.js';

/** A table for spreadsheets, one contestant a line. */
export function batchCsv({ contestants }: BatchResults): string {
  const voters = contestants[0]?.rates.map(({ voter }) => voter) ?? [];
  const head = [
    ...[
      'model',
      'preset',
      'template',
      'answered',
      'failed',
      'size bytes',
      'memory bytes',
      // eslint-disable-next-line altiplano/no-loose-text -- read by programs
      'tokens per second',
    ],
    // eslint-disable-next-line altiplano/no-loose-text -- read by programs
    ...['ms to first token', 'tokens a reply', 'characters a reply', 'perplexity'],
    ...voters.flatMap((voter) => [`duels (${voter})`, `points (${voter})`]),
  ];
  const rows = contestants.map((one) => [
    ...[one.contestant.modelName, one.contestant.presetName, one.contestant.templateName],
    ...[one.answered, one.failed, figure(one.sizeBytes, 0), figure(one.memoryBytes, 0)],
    ...[figure(one.tokensPerSecond, 2), figure(one.timeToFirstTokenMs, 0), figure(one.tokens, 1)],
    ...[figure(one.characters, 1), figure(one.perplexity, 3)],
    ...one.rates.flatMap(({ duels, points }) => [duels, points]),
  ]);
  return csvOf([head, ...rows]);
}

export function batchJson(outcome: BatchOutcome, results: BatchResults): string {
  const { name, prompts, contestants, tasks, duels } = outcome;
  const labels = new Map(contestants.map((one) => [one.id, contestantLabel(one)]));
  const label = (id: string | null) => (id === null ? null : (labels.get(id) ?? id));
  const replies = tasks
    .filter(({ kind }) => kind === 'reply')
    .map(({ contestantId, prompt, text, stats, measures, error }) => ({
      ...{ contestant: label(contestantId), prompt, text, stats, measures, error },
    }));
  const told = duels.map(({ a, b, ...duel }) => ({ a: label(a), b: label(b), ...duel }));
  const head = { format: 'altiplano-batch', version: 1, name };
  return `${JSON.stringify({ ...head, results, prompts, replies, duels: told }, null, 2)}\n`;
}

const figure = (value: number | null, digits: number): number | '' =>
  value === null ? '' : Number(value.toFixed(digits));
