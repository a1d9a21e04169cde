/** Owns what a batch found out: figures of each contestant, and how its judges judged; pure. */
import { userVoter, type Choice } from '../../preload/contract/arena-words.js';
import type { Contestant } from '../../preload/contract/arena.js';
import type { BatchResults, JudgeReport, Measured } from '../../preload/contract/batches.js';
import type { PromptContent } from '../../preload/contract/prompt-sets.js';
import type { BatchOutcome } from '../db/batch-outcome.js';
import { judgeReport, type JudgedPair } from './judge/agreement.js';
import { pointsOf } from './leaderboard.js';

export function resultsOf({ contestants, prompts, tasks, duels }: BatchOutcome): BatchResults {
  const perplexities = tasks.filter(({ kind, error }) => kind === 'perplexity' && error === null);
  const voters = [...new Set(duels.flatMap(({ votes }) => votes.map(({ voter }) => voter)))];
  // The user first.
  voters.sort((one, other) => Number(other === userVoter) - Number(one === userVoter));
  const measured = contestants.map((contestant): Measured => {
    const replies = tasks.filter(
      ({ kind, contestantId }) => kind === 'reply' && contestantId === contestant.id,
    );
    const good = replies.filter(({ error }) => error === null);
    const stats = good.flatMap((task) => task.stats ?? []);
    const sizes = stats.flatMap(({ origin }) => origin?.model.sizeBytes ?? []);
    const samePath = contestants.filter(({ modelPath }) => modelPath === contestant.modelPath);
    const ofModel = perplexities.find(({ contestantId }) => samePath.some(({ id }) => id === contestantId));
    return {
      contestant,
      answered: good.length,
      failed: replies.length - good.length,
      sizeBytes: sizes[0] ?? null,
      memoryBytes: median(good.flatMap(({ measures }) => measures?.memoryBytes ?? [])),
      // A reply of a word or two says nothing of the speed.
      tokensPerSecond: median(
        stats.filter(({ tokens }) => tokens >= fewestTokens).map((one) => one.tokensPerSecond),
      ),
      timeToFirstTokenMs: median(stats.map((one) => one.timeToFirstTokenMs)),
      tokens: mean(stats.map(({ tokens }) => tokens)),
      characters: mean(good.map(({ text }) => text.length)),
      perplexity: ofModel?.measures?.perplexity ?? null,
      rates: voters.map((voter) => rateOf(contestant, voter, duels)),
    };
  });
  return {
    prompts: prompts.length,
    perplexityTokens: perplexities[0]?.measures?.tokens ?? null,
    contestants: measured,
    groups: groupsOf(contestants, voters, prompts, duels),
    judges: judgeReports(duels),
  };
}

const fewestTokens = 8;

function rateOf({ id }: Contestant, voter: string, duels: BatchOutcome['duels']): Measured['rates'][number] {
  const points = duels.flatMap(({ a, b, votes }) => {
    const vote = votes.find((one) => one.voter === voter);
    if (vote === undefined || (a !== id && b !== id)) return [];
    const won = pointsOf[vote.choice];
    return [a === id ? won : 1 - won];
  });
  return { voter, duels: points.length, points: points.reduce((sum, won) => sum + won, 0) };
}

/** A prompt's duels are told by its text. */
function groupsOf(
  contestants: readonly Contestant[],
  voters: readonly string[],
  prompts: BatchOutcome['prompts'],
  duels: BatchOutcome['duels'],
): BatchResults['groups'] {
  const keyOf = ({ category, level }: Pick<PromptContent, 'category' | 'level'>) =>
    JSON.stringify([category, level]);
  const kinds = new Map(prompts.map((prompt) => [keyOf(prompt), prompt]));
  return [...kinds].map(([key, { category, level }]) => {
    const texts = new Set(prompts.filter((prompt) => keyOf(prompt) === key).map(({ text }) => text));
    const own = duels.filter((duel) => duel.category === category && texts.has(duel.prompt));
    return {
      ...{ category, level },
      contestants: contestants.map((contestant) => voters.map((voter) => rateOf(contestant, voter, own))),
    };
  });
}

function judgeReports(duels: BatchOutcome['duels']): JudgeReport[] {
  const judges = [...new Set(duels.flatMap(({ verdicts }) => verdicts.map(({ judge }) => judge)))];
  return judges.map((judge) => {
    const judged = duels.flatMap(({ verdicts }): JudgedPair[] => {
      const own = verdicts.filter((one) => one.judge === judge);
      // Where it was asked again, the last verdict counts.
      const last = (swapped: boolean) => own.filter((one) => one.swapped === swapped).at(-1)?.verdict ?? null;
      return own.length === 0 ? [] : [{ straight: last(false), swapped: last(true) }];
    });
    const withUser = duels.flatMap(({ votes }): [Choice, Choice][] => {
      const choiceOf = (voter: string) => votes.find((vote) => vote.voter === voter)?.choice;
      const [mine, its] = [choiceOf(userVoter), choiceOf(judge)];
      return mine === undefined || its === undefined ? [] : [[mine, its]];
    });
    return judgeReport(judge, judged, withUser);
  });
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
