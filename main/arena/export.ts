/** Owns the files of the leaderboard: a table, or all of it with its duels; pure. */
import { aspects, contestantLabel } from '../../preload/contract/arena-words.js';
import type { Leaderboard } from '../../preload/contract/arena.js';
import type { MatchRecord } from '../db/arena.js';

/** A table for spreadsheets (RFC 4180), one contestant a line. */
export function leaderboardCsv({ standings }: Pick<Leaderboard, 'standings'>): string {
  const head = ['model', 'preset', 'template', 'rating', 'low', 'high', 'standing'];
  const rows = standings.map(({ contestant, rating, low, high, standing, aspects: means, ...tally }) => [
    ...[contestant.modelName, contestant.presetName, contestant.templateName],
    ...[rating, low, high].map((value) => (value === null ? '' : value.toFixed(1))),
    standing,
    ...[tally.duels, tally.wins, tally.ties, tally.losses],
    ...aspects.map((aspect) => means[aspect]?.mean.toFixed(2) ?? ''),
  ]);
  const lines = [[...head, 'duels', 'wins', 'ties', 'losses', ...aspects], ...rows];
  return csvOf(lines);
}

/** The lines of a table as RFC 4180 has them. */
export const csvOf = (lines: readonly (readonly (string | number)[])[]): string =>
  lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');

function cell(value: string | number): string {
  // A spreadsheet would take a name that begins so for a formula.
  const text = typeof value === 'string' ? value.replace(/^[=+@\t\r-]/, "'$&") : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param matches those with votes that count */
export function leaderboardJson(
  { standings, matrix, votes }: Leaderboard,
  matches: readonly MatchRecord[],
  filter: { readonly category: string | null; readonly voter: string | null },
): string {
  const duels = matches.map(({ replies, votes: cast, ...match }) => ({
    ...{ id: match.id, prompt: match.prompt, history: match.history, category: match.category },
    ...{ seed: match.seed, createdAt: new Date(match.createdAt).toISOString() },
    replies: replies.map(({ contestant, text, stats, measures }) => ({
      contestant: contestantLabel(contestant),
      ...{ text, stats, measures },
    })),
    votes: cast
      .filter(({ voter }) => filter.voter === null || voter === filter.voter)
      .map(({ voter, choice, aspects: scores, comment }) => ({ voter, choice, aspects: scores, comment })),
  }));
  const head = { format: 'altiplano-leaderboard', version: 1, filter, votes };
  return `${JSON.stringify({ ...head, standings, matrix, duels }, null, 2)}\n`;
}
