/** Owns the rows of contestants, matches and votes, and reading the leaderboard out of them; never runs a model. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { Choice } from '../../preload/contract/arena-words.js';
import type {
  BothAspects,
  Contestant,
  ContestantSpec,
  Leaderboard,
  MatchKind,
  Measures,
  Turn,
  Vote,
  VoteFilter,
} from '../../preload/contract/arena.js';
import { replyStatsSchema, type ReplyStats } from '../../preload/contract/chats.js';
import { AppError, errorSchema, type ErrorData } from '../../preload/contract/errors.js';
import { leaderboardOf, type CastVote } from '../arena/leaderboard.js';
import { newId } from './id.js';
import { parsedJson } from './json.js';

export type ContestantNames = Pick<Contestant, 'modelName' | 'presetName' | 'templateName'>;

export type NewMatch = {
  readonly kind: MatchKind;
  readonly prompt: string;
  readonly history: readonly Turn[];
  readonly category: string;
  readonly seed: number;
  readonly chatId: string | null;
  /** What the question follows in the chat. */
  readonly parentId: string | null;
  /** The question, where the chat has it already. */
  readonly questionId: string | null;
  /** Null = begun by hand. */
  readonly batchId: string | null;
  /** From left to right. */
  readonly contestantIds: readonly string[];
};

type ReplyRecord = {
  readonly contestant: Contestant;
  readonly text: string;
  readonly stats: ReplyStats | null;
  readonly measures: Measures | null;
  readonly error: ErrorData | null;
};

export type MatchRecord = Omit<NewMatch, 'contestantIds'> & {
  readonly id: string;
  readonly createdAt: number;
  /** Null until all replies have ended. */
  readonly endedAt: number | null;
  readonly replies: readonly ReplyRecord[];
  readonly votes: readonly Vote[];
};

/** What of a reply is new. */
export type ReplyChange = {
  readonly matchId: string;
  readonly position: number;
  readonly text: string;
  readonly stats: ReplyStats | null;
  readonly measures: Measures | null;
  readonly error: ErrorData | null;
};

export type NewVote = {
  readonly matchId: string;
  readonly voter: string;
  readonly choice: Choice;
  readonly aspects: BothAspects;
  readonly comment: string;
};

type ContestantRow = {
  id: string;
  model_path: string;
  model_name: string;
  preset_id: string | null;
  preset_name: string;
  template: string | null;
  template_name: string;
};
type MatchRow = {
  id: string;
  kind: MatchKind;
  prompt: string;
  history: string;
  category: string;
  seed: number;
  chat_id: string | null;
  parent_id: string | null;
  question_id: string | null;
  batch_id: string | null;
  created_at: number;
  ended_at: number | null;
};
type ReplyRow = ContestantRow & {
  text: string;
  stats: string | null;
  error: string | null;
  measures: string | null;
};
type VoteRow = {
  id: string;
  voter: string;
  choice: Choice;
  aspects: string;
  comment: string;
  created_at: number;
};
type CastRow = VoteRow & { match_id: string; category: string };

export function makeArenaQueries(db: Database) {
  const insertContestant = db.prepare(
    `INSERT INTO contestants (id, model_path, model_name, preset_id, preset_name, template, template_name, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const sameMake = db.prepare<[string, string | null, string | null], ContestantRow>(
    'SELECT * FROM contestants WHERE model_path = ? AND preset_id IS ? AND template IS ?',
  );
  const rename = db.prepare(
    'UPDATE contestants SET model_name = ?, preset_name = ?, template_name = ? WHERE id = ?',
  );
  const insertMatch = db.prepare(
    `INSERT INTO matches (id, kind, prompt, history, category, seed, chat_id, parent_id, question_id, batch_id, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertReply = db.prepare(
    `INSERT INTO match_replies (match_id, position, contestant_id, text) VALUES (?, ?, ?, '')`,
  );
  const setReply = db.prepare(
    'UPDATE match_replies SET text = ?, stats = ?, measures = ?, error = ? WHERE match_id = ? AND position = ?',
  );
  const setEnded = db.prepare('UPDATE matches SET ended_at = ? WHERE id = ?');
  const setQuestion = db.prepare('UPDATE matches SET chat_id = ?, question_id = ? WHERE id = ?');
  const endOpen = db.prepare('UPDATE matches SET ended_at = created_at WHERE ended_at IS NULL');
  const blameOpen = db.prepare(
    `UPDATE match_replies SET error = ? WHERE error IS NULL AND (stats IS NULL OR stats ->> 'stopReason' = 'partial')
       AND match_id IN (SELECT id FROM matches WHERE ended_at IS NULL)`,
  );
  const get = db.prepare<[string], MatchRow>('SELECT * FROM matches WHERE id = ? AND deleted_at IS NULL');
  const last = db
    .prepare<[string], string>(
      `SELECT id FROM matches WHERE kind = ? AND batch_id IS NULL AND deleted_at IS NULL
       ORDER BY id DESC LIMIT 1`,
    )
    .pluck();
  const list = db
    .prepare<[number], string>('SELECT id FROM matches WHERE deleted_at IS NULL ORDER BY id DESC LIMIT ?')
    .pluck();
  const replies = db.prepare<[string], ReplyRow>(
    `SELECT contestants.*, text, stats, error, measures FROM match_replies
     JOIN contestants ON contestants.id = contestant_id WHERE match_id = ? ORDER BY position`,
  );
  const votes = db.prepare<[string], VoteRow>(
    'SELECT * FROM votes WHERE match_id = ? AND deleted_at IS NULL ORDER BY id',
  );
  const remove = db.prepare('UPDATE matches SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL');
  const removeVote = db.prepare(
    'UPDATE votes SET deleted_at = ? WHERE match_id = ? AND voter = ? AND deleted_at IS NULL',
  );
  const insertVote = db.prepare(
    'INSERT INTO votes (id, match_id, voter, choice, aspects, comment, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const cast = db.prepare<[{ category: string | null; voter: string | null }], CastRow>(
    `SELECT votes.*, matches.category FROM votes JOIN matches ON matches.id = match_id
     WHERE votes.deleted_at IS NULL AND matches.deleted_at IS NULL
       AND (@category IS NULL OR category = @category) AND (@voter IS NULL OR voter = @voter)
     ORDER BY votes.id`,
  );
  const sides = db.prepare<[], { match_id: string; contestant_id: string }>(
    `SELECT match_id, contestant_id FROM match_replies
     WHERE match_id IN (SELECT match_id FROM votes WHERE deleted_at IS NULL) ORDER BY match_id, position`,
  );
  const contestants = db.prepare<[], ContestantRow>('SELECT * FROM contestants');
  const contestant = db.prepare<[string], ContestantRow>('SELECT * FROM contestants WHERE id = ?');
  const categories = db
    .prepare<[], string>('SELECT DISTINCT category FROM matches WHERE deleted_at IS NULL ORDER BY category')
    .pluck();
  const voters = db
    .prepare<[], string>(
      `SELECT DISTINCT voter FROM votes JOIN matches ON matches.id = match_id
       WHERE votes.deleted_at IS NULL AND matches.deleted_at IS NULL ORDER BY voter`,
    )
    .pluck();

  /** @throws AppError `not-found` */
  const find = (id: string): MatchRecord => {
    const row = get.get(id);
    if (row === undefined) {
      throw new AppError({ code: 'not-found', message: t('This comparison no longer exists.') });
    }
    return {
      ...{
        id,
        kind: row.kind,
        prompt: row.prompt,
        history: parsedJson(row.history, z.array(turnSchema)) ?? [],
      },
      ...{ category: row.category, seed: row.seed, chatId: row.chat_id },
      ...{ parentId: row.parent_id, questionId: row.question_id, batchId: row.batch_id },
      ...{ createdAt: row.created_at, endedAt: row.ended_at },
      replies: replies.all(id).map(toReply),
      votes: votes.all(id).map(toVote),
    };
  };

  const castVotes = ({ category, voter }: VoteFilter): CastVote[] => {
    const known = new Map(contestants.all().map((row) => [row.id, toContestant(row)]));
    const pairs = new Map<string, Contestant[]>();
    for (const { match_id, contestant_id } of sides.all()) {
      pairs.set(match_id, [...(pairs.get(match_id) ?? []), known.get(contestant_id)!]);
    }
    return cast.all({ category, voter }).flatMap((row): CastVote[] => {
      const [a, b] = pairs.get(row.match_id) ?? [];
      if (a === undefined || b === undefined) return [];
      const { choice, aspects } = toVote(row);
      return [{ choice, aspects, category: row.category, voter: row.voter, a, b }];
    });
  };

  return {
    /** The contestant of this make; its names become these. */
    enterContestant: db.transaction((spec: ContestantSpec, names: ContestantNames): Contestant => {
      const { modelPath, presetId, template } = spec;
      const { modelName, presetName, templateName } = names;
      const known = sameMake.get(modelPath, presetId, template);
      const id = known?.id ?? newId();
      if (known !== undefined) rename.run(modelName, presetName, templateName, id);
      else {
        const row = [id, modelPath, modelName, presetId, presetName, template, templateName, Date.now()];
        insertContestant.run(...row);
      }
      return { ...spec, ...names, id };
    }),
    /** One that some row names: they are never removed. */
    findContestant: (id: string): Contestant => toContestant(contestant.get(id)!),
    createMatch: db.transaction((match: NewMatch): MatchRecord => {
      const id = newId();
      const { kind, prompt, history, category, seed, chatId, parentId, questionId, batchId } = match;
      const told = JSON.stringify(history);
      insertMatch.run(
        ...[id, kind, prompt, told, category, seed],
        ...[chatId, parentId, questionId, batchId, Date.now()],
      );
      match.contestantIds.forEach((contestantId, position) => insertReply.run(id, position, contestantId));
      return find(id);
    }),
    saveMatchReply({ matchId, position, text, stats, measures, error }: ReplyChange): void {
      setReply.run(text, json(stats), json(measures), json(error), matchId, position);
    },
    endMatch: (id: string): void => void setEnded.run(Date.now(), id),
    /** What the end of the app, or its crash, left unfinished has ended; it says so. */
    endOpenMatches: db.transaction((error: ErrorData): void => {
      blameOpen.run(JSON.stringify(error));
      endOpen.run();
    }),
    findMatch: find,
    /** Of those that were begun by hand. */
    lastMatch(kind: MatchKind): MatchRecord | null {
      const id = last.get(kind);
      return id === undefined ? null : find(id);
    },
    /** The latest first. */
    listMatches: (limit: number): MatchRecord[] => list.all(limit).map(find),
    removeMatches(ids: readonly string[]): void {
      const now = Date.now();
      for (const id of ids) remove.run(now, id);
    },
    /** The vote takes the place of the voter's one before. */
    castVote({ matchId, voter, choice, aspects, comment }: NewVote): MatchRecord {
      find(matchId);
      const now = Date.now();
      removeVote.run(now, matchId, voter);
      insertVote.run(newId(), matchId, voter, choice, JSON.stringify(aspects), comment, now);
      return find(matchId);
    },
    /** The question that a match asked is this message of a chat. */
    setMatchQuestion: (matchId: string, chatId: string, messageId: string): void =>
      void setQuestion.run(chatId, messageId, matchId),
    /** The matches whose votes the filter lets through, the oldest first. */
    votedMatches: ({ category, voter }: VoteFilter): MatchRecord[] =>
      [...new Set(cast.all({ category, voter }).map(({ match_id }) => match_id))].map(find),
    castVotes,
    leaderboard: (filter: VoteFilter): Leaderboard => ({
      ...leaderboardOf(castVotes(filter)),
      categories: categories.all(),
      voters: voters.all(),
    }),
    matchCategories: (): string[] => categories.all(),
  };
}

export type ArenaQueries = ReturnType<typeof makeArenaQueries>;

const turnSchema = z.object({ role: z.enum(['system', 'user', 'assistant']), text: z.string() });
const measuresSchema = z.object({ loadMs: z.number().nullable(), memoryBytes: z.number() });
const scoresSchema = z.record(z.string(), z.number());
const bothSchema = z.object({ a: scoresSchema, b: scoresSchema });

const json = (value: object | null) => (value === null ? null : JSON.stringify(value));

const toContestant = (row: ContestantRow): Contestant => ({
  ...{ id: row.id, modelPath: row.model_path, modelName: row.model_name },
  ...{ presetId: row.preset_id, presetName: row.preset_name },
  ...{ template: row.template, templateName: row.template_name },
});

const toReply = (row: ReplyRow): ReplyRecord => ({
  contestant: toContestant(row),
  text: row.text,
  stats: parsedJson(row.stats, replyStatsSchema),
  measures: parsedJson(row.measures, measuresSchema),
  error: parsedJson(row.error, errorSchema),
});

const toVote = ({ id, voter, choice, aspects, comment, created_at }: VoteRow): Vote => ({
  ...{ id, voter, choice, comment, createdAt: created_at },
  aspects: parsedJson(aspects, bothSchema) ?? { a: {}, b: {} },
});
