/** Owns how comparisons, votes and ratings are said in words and drawn as figures; pure. */
import { t } from '../../preload/contract/language.js';
import {
  aspects,
  contestantLabel,
  userVoter,
  type Aspect,
  type Choice,
} from '../../preload/contract/arena-words.js';
import type { Leaderboard, LoadPlan, Match, MatchReply, Standing } from '../../preload/contract/arena.js';
import { bytes, count, decimal, seconds } from './format.js';

export const aspectLabels: Readonly<Record<Aspect, string>> = {
  relevance: t('Relevance'),
  knowledge: t('Knowledge'),
  reasoning: t('Reasoning'),
  calculation: t('Calculation'),
  accuracy: t('Accuracy'),
};

export const choiceLabels: Readonly<Record<Choice, string>> = {
  a: t('A is better'),
  b: t('B is better'),
  tie: t('Both as good'),
  'both-bad': t('Both bad'),
};

export const sideNames = ['A', 'B'] as const;

/** Why models are loaded together or one after the other. */
export function planText({ models, reason, neededBytes, freeBytes }: LoadPlan): string {
  const sizes = { models, needed: bytes(neededBytes), free: bytes(freeBytes) };
  switch (reason) {
    case 'servers':
      return t('Servers answer, one after the other; nothing is loaded here.');
    case 'one-model':
      return t(
        'One model: it is loaded once. They write one after the other, so that each has the machine to itself.',
      );
    case 'fits':
      return t(
        '{models} models need about {needed}, and {free} are free: they stay loaded together. They write one after the other, so that each has the machine to itself.',
        sizes,
      );
    case 'memory':
      return t(
        '{models} models need about {needed}, and {free} are free: they are loaded one after the other.',
        sizes,
      );
    case 'gpu':
      return t('The graphics card holds one model at a time: the {models} are loaded one after the other.', {
        models,
      });
  }
}

/** What was measured of a reply, in one line. */
export function figures({ stats, measures, text }: Pick<MatchReply, 'stats' | 'measures' | 'text'>): string {
  const parts = [
    ...(stats === null
      ? []
      : [
          t('{speed} tok/s', { speed: decimal(stats.tokensPerSecond, 1) }),
          t('first token {time}', { time: seconds(stats.timeToFirstTokenMs) }),
          t('{count, plural, one {# token} other {# tokens}}', { count: stats.tokens }),
        ]),
    t('{count, plural, one {# character} other {# characters}}', { count: text.length }),
    ...(measures === null || measures.memoryBytes === 0
      ? []
      : [t('{size} of memory', { size: bytes(measures.memoryBytes) })]),
    ...(measures?.loadMs == null ? [] : [t('loaded in {time}', { time: seconds(measures.loadMs) })]),
  ];
  return parts.join(' · ');
}

const points = (value: number | null) => (value === null ? '–' : decimal(value, 0));

/** An interval around a rating: `1012 (−40, +35)` would hide its ends, so they are said. */
const intervalText = ({ low, high }: Pick<Standing, 'low' | 'high'>): string =>
  low === null || high === null ? '–' : t('{from} to {to}', { from: points(low), to: points(high) });

/** What stands beside a rating that says little; '' = nothing. */
export function standingNote({ standing, wins, losses }: Standing): string {
  if (standing === 'rated') return '';
  if (standing === 'apart') return t('Not enough duels: never met the others');
  if (losses === 0) return t('Not enough duels: never lost');
  return wins === 0 ? t('Not enough duels: never won') : t('Not enough duels: not beaten from all sides');
}

export const leaderboardHead = [
  ...[t('Contestant'), t('Rating'), t('Interval (95 %)'), t('Duels'), t('Wins'), t('Ties'), t('Losses')],
];

export const leaderboardRows = (standings: readonly Standing[]): string[][] =>
  standings.map((standing) => [
    contestantLabel(standing.contestant),
    ...[points(standing.rating), intervalText(standing)],
    ...[standing.duels, standing.wins, standing.ties, standing.losses].map(count),
  ]);

/** Names that tell contestants apart where space is short: A, B, … */
export const letterOf = (place: number): string => String.fromCharCode(65 + place);

/** The share of the points that one got of another; null where they never met. */
export const shareOf = ({ duels, points: won }: Leaderboard['matrix'][number][number]): number | null =>
  duels === 0 ? null : won / duels;

/** Corners of the radar: one for each aspect, the first at the top, then clockwise. @param share of the radius */
export function radarPoint(aspect: number, share: number, center: number, radius: number) {
  const angle = (2 * Math.PI * aspect) / aspects.length - Math.PI / 2;
  return { x: center + share * radius * Math.cos(angle), y: center + share * radius * Math.sin(angle) };
}

/** Of a mark from 1 to 5, its share of the radius. */
export const markShare = (mean: number): number => mean / 5;

/** Who won in the eyes of the user, for the list of duels. */
export function outcomeText({ replies, votes, isHidden, endedAt }: Match): string {
  if (endedAt === null) return t('Being written');
  if (isHidden) return t('Not voted on');
  const choice = votes.find(({ voter }) => voter === userVoter)?.choice;
  if (choice === undefined) return t('Failed');
  const winner = choice === 'a' ? replies[0] : choice === 'b' ? replies[1] : undefined;
  return winner?.contestant == null
    ? choiceLabels[choice]
    : t('{contestant} won', { contestant: contestantLabel(winner.contestant) });
}
