/** Owns what the page may know of a match: of a duel nothing that tells who is who, before there is a vote; pure. */
import { userVoter } from '../../preload/contract/arena-words.js';
import type { Match, MatchReply } from '../../preload/contract/arena.js';
import type { MatchRecord } from '../db/arena.js';

/** A reply that is written or waits for it; `text` is all that there is of it. */
export type LiveReply = Pick<MatchReply, 'state' | 'loadProgress' | 'text'>;

/**
 * @param live by the place of each reply; null once all have ended
 */
export function viewOf(match: MatchRecord, live: readonly LiveReply[] | null): Match {
  const isHidden = hidesNames(match);
  const { parentId: _parent, questionId: _question, batchId: _batch, ...told } = match;
  return {
    ...told,
    history: [...match.history],
    isHidden,
    replies: match.replies.map(({ contestant, text, stats, measures, error }, position): MatchReply => {
      const { state, loadProgress, text: written } = live?.[position] ?? ended;
      return {
        ...{ state, loadProgress, text: written ?? text },
        contestant: isHidden ? null : contestant,
        stats: isHidden ? null : stats,
        measures: isHidden ? null : measures,
        // An error may name the file.
        error: isHidden ? null : error,
      };
    }),
    // Another voter's choice would sway the user's.
    votes: isHidden ? [] : [...match.votes],
  };
}

const ended = { state: 'ended', loadProgress: 1, text: null } as const;

/** Whether both sides of a duel can be judged. */
export const canBeVoted = ({ kind, endedAt, replies }: MatchRecord): boolean =>
  kind === 'duel' && endedAt !== null && replies.every(({ error }) => error === null);

/** A duel that can't be voted on any more hides nothing. */
export function hidesNames(match: MatchRecord): boolean {
  const isVoted = match.votes.some(({ voter }) => voter === userVoter);
  return match.kind === 'duel' && !isVoted && (match.endedAt === null || canBeVoted(match));
}
