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
import { bytes, count, seconds } from './format.js';

export const aspectLabels: Readonly<Record<Aspect, string>> = {
  relevance: 'Relevance',
  knowledge: 'Knowledge',
  reasoning: 'Reasoning',
  calculation: 'Calculation',
  accuracy: 'Accuracy',
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
  const inTurn = t('They write one after the other, so that each has the machine to itself.');
  const need = t('{models} models need about {neededBytes}, and {freeBytes} are free', {
    models,
    neededBytes: bytes(neededBytes),
    freeBytes: bytes(freeBytes),
  });
  switch (reason) {
    case 'servers':
      return t('Servers answer, one after the other; nothing is loaded here.');
    case 'one-model':
      return t('One model: it is loaded once. {inTurn}', { inTurn });
    case 'fits':
      return t('{need}: they stay loaded together. {inTurn}', { need, inTurn });
    case 'memory':
      return t('{need}: they are loaded one after the other.', { need });
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
          t('{tokensPerSecond} tok/s', { tokensPerSecond: stats.tokensPerSecond.toFixed(1) }),
          t('first token {timeToFirstTokenMs}', { timeToFirstTokenMs: seconds(stats.timeToFirstTokenMs) }),
          t('{tokens} tokens', { tokens: count(stats.tokens) }),
        ]),
    t('{count} characters', { count: count(text.length) }),
    ...(measures === null || measures.memoryBytes === 0
      ? []
      : [t('{memoryBytes} of memory', { memoryBytes: bytes(measures.memoryBytes) })]),
    ...(measures?.loadMs == null ? [] : [t('loaded in {loadMs}', { loadMs: seconds(measures.loadMs) })]),
  ];
  return parts.join(' · ');
}

const points = (value: number | null) => (value === null ? '–' : value.toFixed(0));

/** An interval around a rating: `1012 (−40, +35)` would hide its ends, so they are said. */
const intervalText = ({ low, high }: Pick<Standing, 'low' | 'high'>): string =>
  low === null || high === null
    ? '–'
    : t('{points} to {points2}', { points: points(low), points2: points(high) });

/** What stands beside a rating that says little; '' = nothing. */
export function standingNote({ standing, wins, losses }: Standing): string {
  if (standing === 'rated') return '';
  const why =
    standing === 'apart'
      ? t('never met the others')
      : losses === 0
        ? t('never lost')
        : wins === 0
          ? t('never won')
          : t('not beaten from all sides');
  return t('Not enough duels: {why}', { why });
}

export const leaderboardHead = [
  ...['Contestant', 'Rating', t('Interval (95 %)'), 'Duels', 'Wins', 'Ties', 'Losses'],
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
  if (choice === undefined) return 'Failed';
  const winner = choice === 'a' ? replies[0] : choice === 'b' ? replies[1] : undefined;
  return winner?.contestant == null
    ? choiceLabels[choice]
    : t('{contestantLabel} won', { contestantLabel: contestantLabel(winner.contestant) });
}
