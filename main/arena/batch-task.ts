/** Owns what a piece of a batch's work is, and what comes of it; no behaviour. */
import type { Contestant, Measures } from '../../preload/contract/arena.js';
import type { ReplyStats } from '../../preload/contract/chats.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import type { PromptContent } from '../../preload/contract/prompt-sets.js';
import type { Verdict } from './judge/verdict.js';

export type NewBatchRecord = {
  readonly name: string;
  readonly seed: number;
  readonly maxTokens: number;
  /** '' = no perplexity is measured. */
  readonly perplexityText: string;
  readonly judge: { readonly path: string; readonly name: string } | null;
  readonly prompts: readonly PromptContent[];
  readonly contestants: readonly Contestant[];
};

export type TaskRef = { readonly batchId: string; readonly place: number };

export type ReplyTask = TaskRef & {
  readonly kind: 'reply';
  readonly contestant: Contestant;
  readonly prompt: string;
  readonly seed: number;
  readonly maxTokens: number;
};
export type PerplexityTask = TaskRef & {
  readonly kind: 'perplexity';
  readonly contestant: Contestant;
  readonly text: string;
};
export type VerdictTask = TaskRef & {
  readonly kind: 'verdict';
  readonly judge: string;
  readonly judgePath: string;
  readonly task: string;
  readonly reference: string;
  /** A's and B's. */
  readonly answers: readonly string[];
  /** Whether B's stands first. */
  readonly swapped: boolean;
};
export type BatchTask = ReplyTask | PerplexityTask | VerdictTask;

export type TaskMeasures = Partial<Measures> & {
  readonly perplexity?: number | undefined;
  /** That were predicted. */
  readonly tokens?: number | undefined;
};

export type TaskResult = {
  readonly text: string;
  readonly stats: ReplyStats | null;
  readonly measures: TaskMeasures | null;
  readonly error: ErrorData | null;
  readonly verdict: Verdict | null;
};
