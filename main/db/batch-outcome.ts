/** Owns reading all that came of a batch out of its rows; changes none. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { Choice } from '../../preload/contract/arena-words.js';
import type { Contestant } from '../../preload/contract/arena.js';
import { replyStatsSchema } from '../../preload/contract/chats.js';
import { AppError, errorSchema } from '../../preload/contract/errors.js';
import type { PromptContent } from '../../preload/contract/prompt-sets.js';
import type { BatchTask, TaskMeasures, TaskResult } from '../arena/batch-task.js';
import type { Verdict } from '../arena/judge/verdict.js';
import type { ArenaQueries } from './arena.js';
import { batchContestants, type TaskRow } from './batches.js';
import { parsedJson } from './json.js';

export type BatchOutcome = {
  readonly name: string;
  readonly contestants: readonly Contestant[];
  readonly prompts: readonly PromptContent[];
  /** Those that are done. */
  readonly tasks: readonly (Omit<TaskResult, 'verdict'> & {
    readonly kind: BatchTask['kind'];
    readonly contestantId: string | null;
    /** Place of its prompt. */
    readonly prompt: number | null;
  })[];
  readonly duels: readonly {
    readonly category: string;
    readonly prompt: string;
    /** Ids of the contestants. */
    readonly a: string;
    readonly b: string;
    readonly votes: readonly { readonly voter: string; readonly choice: Choice }[];
    /** The latest last; of an order that failed, null. */
    readonly verdicts: readonly {
      readonly judge: string;
      readonly swapped: boolean;
      readonly verdict: Verdict | null;
      readonly text: string;
    }[];
  }[];
};

export function makeBatchOutcomeQueries(db: Database, arena: ArenaQueries) {
  const named = db.prepare<[string], { name: string; kind: 'replies' | 'judging' }>(
    'SELECT name, kind FROM batches WHERE id = ? AND deleted_at IS NULL',
  );
  const tasks = db.prepare<[string], TaskRow>(
    'SELECT * FROM batch_tasks WHERE batch_id = ? AND ended_at IS NOT NULL ORDER BY place',
  );
  const prompts = db.prepare<[string], PromptContent>(
    'SELECT category, level, text, reference FROM batch_prompts WHERE batch_id = ? ORDER BY place',
  );
  const contestants = batchContestants(db);
  const matches = db
    .prepare<[string], string>('SELECT id FROM matches WHERE batch_id = ? AND deleted_at IS NULL ORDER BY id')
    .pluck();
  const judged = db
    .prepare<[string], string>(
      `SELECT DISTINCT match_id FROM batch_tasks JOIN matches ON matches.id = match_id
       WHERE batch_tasks.batch_id = ? AND deleted_at IS NULL ORDER BY match_id`,
    )
    .pluck();
  const verdicts = db.prepare<[string], TaskRow & { judge_name: string }>(
    `SELECT batch_tasks.*, judge_name FROM batch_tasks JOIN batches ON batches.id = batch_id
     WHERE match_id = ? AND ended_at IS NOT NULL AND deleted_at IS NULL ORDER BY batch_id`,
  );

  return {
    /** @throws AppError `not-found` */
    batchOutcome(id: string): BatchOutcome {
      const batch = named.get(id);
      if (batch === undefined)
        throw new AppError({ code: 'not-found', message: t('This batch no longer exists.') });
      const matchIds = batch.kind === 'replies' ? matches.all(id) : judged.all(id);
      return {
        name: batch.name,
        contestants: contestants.all(id).map(arena.findContestant),
        prompts: prompts.all(id),
        tasks: tasks.all(id).map((row) => ({
          ...{ kind: row.kind, contestantId: row.contestant_id, prompt: row.prompt, text: row.text },
          stats: parsedJson(row.stats, replyStatsSchema),
          measures: parsedJson(row.measures, taskMeasuresSchema),
          error: parsedJson(row.error, errorSchema),
        })),
        duels: matchIds.map((matchId) => {
          const { replies, votes, category, prompt } = arena.findMatch(matchId);
          const [a, b] = replies.map(({ contestant }) => contestant.id);
          return {
            ...{ category, prompt, a: a!, b: b! },
            votes: votes.map(({ voter, choice }) => ({ voter, choice })),
            verdicts: verdicts.all(matchId).map(({ judge_name, swapped, verdict, text }) => ({
              ...{ judge: judge_name, swapped: swapped === 1, verdict, text },
            })),
          };
        }),
      };
    },
  };
}

const taskMeasuresSchema: z.ZodType<TaskMeasures> = z.object({
  loadMs: z.number().nullable().optional(),
  memoryBytes: z.number().optional(),
  perplexity: z.number().optional(),
  tokens: z.number().optional(),
}) as z.ZodType<TaskMeasures>;
