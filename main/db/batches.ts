/**
 * Owns the rows of batches: what is still to be done, each result as soon as it is there, and the duels and votes that
 * come of them; never runs a model. What a crash leaves is a task that is not done.
 */
import { t } from '../../preload/contract/language.js';
import { randomInt } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { userVoter } from '../../preload/contract/arena-words.js';
import type { Contestant } from '../../preload/contract/arena.js';
import type { Batch } from '../../preload/contract/batches.js';
import { replyStatsSchema } from '../../preload/contract/chats.js';
import { AppError, type ErrorData } from '../../preload/contract/errors.js';
import { readRemotePath } from '../../preload/contract/remote-path.js';
import type { PromptContent } from '../../preload/contract/prompt-sets.js';
import { pairVerdict, type Verdict } from '../arena/judge/verdict.js';
import type { BatchTask, NewBatchRecord, TaskRef, TaskResult } from '../arena/batch-task.js';
import type { ArenaQueries } from './arena.js';
import { newId } from './id.js';
import { parsedJson } from './json.js';

type BatchRow = {
  id: string;
  kind: Batch['kind'];
  name: string;
  of_batch: string | null;
  seed: number;
  max_tokens: number;
  perplexity_text: string;
  judge_path: string | null;
  judge_name: string | null;
  state: Batch['state'];
  created_at: number;
};
type CountedRow = BatchRow & { total: number; done: number; failed: number; unvoted: number };
export type TaskRow = {
  batch_id: string;
  place: number;
  kind: BatchTask['kind'];
  contestant_id: string | null;
  prompt: number | null;
  match_id: string | null;
  swapped: number | null;
  text: string;
  stats: string | null;
  measures: string | null;
  error: string | null;
  verdict: Verdict | null;
};

export type BatchRecord = Omit<Batch, 'current'>;

/** Ids of the contestants of a batch, in the order in which they answer. */
export const batchContestants = (db: Database) =>
  db
    .prepare<[string], string>(
      `SELECT contestant_id FROM batch_tasks WHERE batch_id = ? AND contestant_id IS NOT NULL
       GROUP BY contestant_id ORDER BY min(place)`,
    )
    .pluck();

export function makeBatchQueries(db: Database, arena: ArenaQueries) {
  const insertBatch = db.prepare(
    `INSERT INTO batches
       (id, kind, name, of_batch, seed, max_tokens, perplexity_text, judge_path, judge_name, state, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'running', ?)`,
  );
  const insertPrompt = db.prepare('INSERT INTO batch_prompts VALUES (?, ?, ?, ?, ?, ?)');
  const insertTask = db.prepare(
    'INSERT INTO batch_tasks (batch_id, place, kind, contestant_id, prompt, match_id, swapped) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const isUnvoted = `matches.deleted_at IS NULL AND NOT EXISTS
    (SELECT 1 FROM votes WHERE match_id = matches.id AND voter = '${userVoter}' AND votes.deleted_at IS NULL)`;
  const list = db.prepare<[], CountedRow>(
    `SELECT batches.*, count(place) AS total, count(ended_at) AS done, count(error) AS failed,
       (SELECT count(*) FROM matches WHERE matches.batch_id = batches.id AND ${isUnvoted}) AS unvoted
     FROM batches LEFT JOIN batch_tasks ON batch_id = id
     WHERE deleted_at IS NULL GROUP BY id ORDER BY id DESC`,
  );
  const getBatch = db.prepare<[string], BatchRow>(
    'SELECT * FROM batches WHERE id = ? AND deleted_at IS NULL',
  );
  const firstRunning = db.prepare<[], BatchRow>(
    `SELECT * FROM batches WHERE state = 'running' AND deleted_at IS NULL ORDER BY id LIMIT 1`,
  );
  const nextOf = db.prepare<[string], TaskRow>(
    'SELECT * FROM batch_tasks WHERE batch_id = ? AND ended_at IS NULL ORDER BY place LIMIT 1',
  );
  const getTask = db.prepare<[string, number], TaskRow>(
    'SELECT * FROM batch_tasks WHERE batch_id = ? AND place = ?',
  );
  const prompts = db.prepare<[string], PromptContent & { place: number }>(
    'SELECT place, category, level, text, reference FROM batch_prompts WHERE batch_id = ? ORDER BY place',
  );
  const setState = db.prepare('UPDATE batches SET state = ? WHERE id = ?');
  const remove = db.prepare('UPDATE batches SET deleted_at = ? WHERE id = ?');
  const end = db.prepare(
    `UPDATE batch_tasks SET ended_at = ?, text = ?, stats = ?, measures = ?, error = ?, verdict = ?
     WHERE batch_id = ? AND place = ? AND ended_at IS NULL`,
  );
  const failRest = db.prepare(
    `UPDATE batch_tasks SET ended_at = ?, error = ? WHERE batch_id = ? AND ended_at IS NULL
       AND contestant_id IS (SELECT contestant_id FROM batch_tasks WHERE batch_id = ? AND place = ?)`,
  );
  const again = db.prepare(
    `UPDATE batch_tasks SET ended_at = NULL, text = '', stats = NULL, measures = NULL, error = NULL
     WHERE batch_id = ? AND error IS NOT NULL`,
  );
  const others = db.prepare<[{ batchId: string; prompt: number; place: number }], TaskRow>(
    `SELECT * FROM batch_tasks WHERE batch_id = @batchId AND kind = 'reply' AND prompt = @prompt AND place <> @place
       AND ended_at IS NOT NULL AND error IS NULL AND text <> '' ORDER BY place`,
  );
  const otherOrder = db
    .prepare<[string, string, number], Verdict | null>(
      'SELECT verdict FROM batch_tasks WHERE batch_id = ? AND match_id = ? AND swapped = ?',
    )
    .pluck();
  const unjudged = db
    .prepare<[{ batchId: string | null; judge: string }], string>(
      `SELECT id FROM matches WHERE kind = 'duel' AND ended_at IS NOT NULL AND deleted_at IS NULL
         AND (@batchId IS NULL OR batch_id = @batchId)
         AND NOT EXISTS (SELECT 1 FROM match_replies WHERE match_id = id AND (error IS NOT NULL OR text = ''))
         AND NOT EXISTS (SELECT 1 FROM votes WHERE match_id = matches.id AND voter = @judge AND deleted_at IS NULL)
       ORDER BY id`,
    )
    .pluck();
  const unvoted = db
    .prepare<[], string>(
      `SELECT matches.id FROM matches JOIN batches ON batches.id = batch_id
       WHERE batches.deleted_at IS NULL AND ${isUnvoted} ORDER BY matches.id LIMIT 1`,
    )
    .pluck();
  const contestantsOf = batchContestants(db);
  const referenceOf = db
    .prepare<[string | null, string], string>(
      'SELECT reference FROM batch_prompts WHERE batch_id = ? AND text = ? LIMIT 1',
    )
    .pluck();
  /** @throws AppError `not-found` */
  const find = (id: string): BatchRow => {
    const row = getBatch.get(id);
    if (row !== undefined) return row;
    throw new AppError({ code: 'not-found', message: t('This batch no longer exists.') });
  };

  const toTask = (batch: BatchRow, row: TaskRow): BatchTask => {
    const ref = { batchId: batch.id, place: row.place };
    if (row.kind === 'verdict') {
      const match = arena.findMatch(row.match_id!);
      return {
        ...{ ...ref, kind: 'verdict', swapped: row.swapped === 1, judgePath: batch.judge_path! },
        ...{ judge: batch.judge_name!, task: match.prompt },
        answers: match.replies.map(({ text }) => text),
        reference: referenceOf.get(match.batchId, match.prompt) ?? '',
      };
    }
    const contestant = arena.findContestant(row.contestant_id!);
    if (row.kind === 'perplexity') {
      return { ...ref, kind: 'perplexity', contestant, text: batch.perplexity_text };
    }
    const { text } = prompts.all(batch.id)[row.prompt!]!;
    const { seed, max_tokens: maxTokens } = batch;
    return { ...ref, kind: 'reply', contestant, prompt: text, seed, maxTokens };
  };

  /** Each pair of replies to one prompt is a duel, its sides drawn by lot. */
  function addDuels(batch: BatchRow, row: TaskRow): void {
    const { category, text: prompt } = prompts.all(batch.id)[row.prompt!]!;
    const { id: batchId, seed } = batch;
    const asked = { kind: 'duel', prompt, history: [], category, seed, batchId } as const;
    for (const other of others.all({ batchId, prompt: row.prompt!, place: row.place })) {
      const sides = randomInt(2) === 0 ? [row, other] : [other, row];
      const { id: matchId } = arena.createMatch({
        ...{ ...asked, chatId: null, parentId: null, questionId: null },
        contestantIds: sides.map(({ contestant_id }) => contestant_id!),
      });
      for (const [position, { text, stats, measures }] of sides.entries()) {
        const figures = {
          stats: parsedJson(stats, replyStatsSchema),
          measures: parsedJson(measures, loadSchema),
        };
        arena.saveMatchReply({ matchId, position, text, error: null, ...figures });
      }
      arena.endMatch(matchId);
    }
  }

  /** Both orders together are the judge's vote. */
  function addVote(batch: BatchRow, { match_id, swapped, text, verdict }: TaskRow): void {
    const other = otherOrder.get(batch.id, match_id!, 1 - swapped!) ?? null;
    if (verdict === null || other === null) return;
    const [straight, turned] = swapped === 0 ? [verdict, other] : [other, verdict];
    const { choice, agreed } = pairVerdict(straight, turned);
    const comment = agreed ? text : t('The verdicts in the two orders differ.');
    const nothing = { a: {}, b: {} };
    arena.castVote({ matchId: match_id!, voter: batch.judge_name!, choice, aspects: nothing, comment });
  }

  function createJudging(
    judge: { path: string; name: string },
    name: string,
    ofBatch: string | null,
  ): string | null {
    const matches = unjudged.all({ batchId: ofBatch, judge: judge.name });
    if (matches.length === 0) return null;
    const id = newId();
    insertBatch.run(id, 'judging', name, ofBatch, 0, 0, '', judge.path, judge.name, Date.now());
    matches.forEach((matchId, index) => {
      insertTask.run(id, 2 * index, 'verdict', null, null, matchId, 0);
      insertTask.run(id, 2 * index + 1, 'verdict', null, null, matchId, 1);
    });
    return id;
  }

  const toRecord = (row: CountedRow): BatchRecord => ({
    ...{ id: row.id, kind: row.kind, name: row.name, state: row.state, createdAt: row.created_at },
    ...{ judge: row.judge_name, total: row.total, done: row.done, failed: row.failed, unvoted: row.unvoted },
    contestants: contestantsOf.all(row.id).map(arena.findContestant),
  });

  return {
    /** The latest first. */
    listBatches: (): BatchRecord[] => list.all().map(toRecord),
    /** One task for each prompt of each contestant: all of a model one after another, so that it is loaded once. */
    createBatch: db.transaction((batch: NewBatchRecord): string => {
      const { name, seed, maxTokens, perplexityText, judge, prompts: asked, contestants } = batch;
      const id = newId();
      insertBatch.run(
        ...[id, 'replies', name, null, seed, maxTokens, perplexityText],
        ...[judge?.path ?? null, judge?.name ?? null, Date.now()],
      );
      asked.forEach(({ category, level, text, reference }, place) =>
        insertPrompt.run(id, place, category, level, text, reference),
      );
      let place = 0;
      const measured = new Set<string>();
      for (const contestant of byLoad(contestants)) {
        const add = (kind: BatchTask['kind'], prompt: number | null) =>
          insertTask.run(id, place++, kind, contestant.id, prompt, null, null);
        // A server tells no probabilities of a text.
        const isHere = readRemotePath(contestant.modelPath) === null;
        if (perplexityText !== '' && isHere && !measured.has(contestant.modelPath)) add('perplexity', null);
        measured.add(contestant.modelPath);
        asked.forEach((_, index) => add('reply', index));
      }
      return id;
    }),
    /** Two tasks for each duel that the judge has not judged. @param batchId null = all duels @returns null when there are none */
    createJudging: db.transaction((judge: { path: string; name: string }, batchId: string | null) =>
      createJudging(judge, batchId === null ? t('All duels') : find(batchId).name, batchId),
    ),
    /** Of the oldest batch that runs. A batch without any more has ended; its judge, where it has one, comes next. */
    nextTask: db.transaction((): BatchTask | null => {
      for (;;) {
        const batch = firstRunning.get();
        if (batch === undefined) return null;
        const row = nextOf.get(batch.id);
        if (row !== undefined) return toTask(batch, row);
        setState.run('ended', batch.id);
        if (batch.kind === 'replies' && batch.judge_path !== null)
          createJudging({ path: batch.judge_path, name: batch.judge_name! }, batch.name, batch.id);
      }
    }),
    /** Keeps a result, with what follows from it: duels, or a vote. One that is there already stays. */
    endTask: db.transaction(({ batchId, place }: TaskRef, result: TaskResult): void => {
      const { text, stats, measures, error, verdict } = result;
      const json = [stats, measures, error].map((value) => (value === null ? null : JSON.stringify(value)));
      if (end.run(Date.now(), text, ...json, verdict, batchId, place).changes === 0) return;
      const batch = getBatch.get(batchId);
      const row = getTask.get(batchId, place)!;
      if (batch === undefined || error !== null) return;
      if (row.kind === 'reply' && text !== '') addDuels(batch, row);
      if (row.kind === 'verdict') addVote(batch, row);
    }),
    /** What is left of the model of a task can't be done. */
    failTasksLike({ batchId, place }: TaskRef, error: ErrorData): void {
      failRest.run(Date.now(), JSON.stringify(error), batchId, batchId, place);
    },
    /** What runs goes on from its next task; what has ended stays so. */
    setBatchState(id: string, state: 'running' | 'paused'): void {
      if (find(id).state !== 'ended') setState.run(state, id);
    },
    /** What failed is to be done again. */
    retryBatch: db.transaction((id: string): void => {
      find(id);
      again.run(id);
      setState.run('running', id);
    }),
    removeBatch(id: string): void {
      find(id);
      remove.run(Date.now(), id);
    },
    /** The duel of a batch that waits longest for the user's vote. */
    nextUnvoted(): string | null {
      return unvoted.get() ?? null;
    },
  };
}

const loadSchema = z.object({ loadMs: z.number().nullable(), memoryBytes: z.number() });
/** Those of one model with one template together, in the order of the first of them. */
function byLoad(contestants: readonly Contestant[]): Contestant[] {
  const keys = contestants.map(({ modelPath, template }) => JSON.stringify([modelPath, template]));
  const first = (index: number) => keys.indexOf(keys[index]!);
  const order = contestants.map((_, index) => index).sort((one, other) => first(one) - first(other));
  return order.map((index) => contestants[index]!);
}
