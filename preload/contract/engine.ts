/** Owns the protocol of the engine process: what main asks, what the engine answers, and the text frames for the page. */
import { z } from 'zod';
import {
  batchSchema,
  threadRunSchema,
  idSchema,
  inclusionSchema,
  leftOutReasonSchema,
  overflowPolicySchema,
  replyStatsSchema,
} from './chats.js';
import { inspectionSchema, probeSchema, promptTokenSchema } from './doctor.js';
import { errorSchema } from './errors.js';
import { languages } from './language.js';
import { loadedModelSchema } from './models.js';
import { samplingSchema } from './sampling-schema.js';
import { loadSettingsSchema } from './settings.js';
import { templatePreviewSchema, writtenTemplateSchema } from './template-preview.js';
import {
  nextTokensSchema,
  perplexitySchema,
  stageSharesSchema,
  writtenTokenSchema,
  type WrittenToken,
} from './tokens.js';

const promptMessageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  text: z.string(),
  /** Absent = auto. */
  inclusion: inclusionSchema.optional(),
  /** Of the last message, the user's: the model goes on with it as the user. */
  isOpen: z.literal(true).optional(),
});

const loadRequestSchema = z.object({
  ...loadSettingsSchema.shape,
  path: z.string(),
  threads: z.number().int(),
  /** Template id chosen by hand, or null to detect. */
  template: z.string().nullable(),
  /** The one of this id, where the user wrote it. */
  written: writtenTemplateSchema.optional(),
  /** A second model that guesses so many tokens at a time; absent = none. */
  draft: z.object({ path: z.string(), tokens: z.number().int() }).optional(),
});

/** Who says the lines. `command`: the instruction that they stand in; null = they stand alone, without the template. */
const dialogueSchema = z.object({ user: z.string(), assistant: z.string(), command: z.string().nullable() });

/**
 * Turns through the prompt template. When the last one is the assistant's, or the user's and open, it is continued as
 * it stands (its text stays open); otherwise a new reply is started.
 */
const chatPromptSchema = z.object({
  kind: z.literal('chat'),
  messages: z.array(promptMessageSchema),
  /** Absent = drop-oldest. */
  policy: overflowPolicySchema.optional(),
  /** The turns are lines with names; absent = the template writes them. */
  dialogue: dialogueSchema.optional(),
});

/** A text that is continued as it is (notebook). */
const textPromptSchema = z.object({
  kind: z.literal('text'),
  text: z.string(),
  /** The names of special tokens in it are those tokens; absent or false: they are plain text. */
  marks: z.boolean().optional(),
});

const promptSchema = z.discriminatedUnion('kind', [chatPromptSchema, textPromptSchema]);

const generateRequestSchema = z.object({
  runId: idSchema,
  prompt: promptSchema,
  sampling: samplingSchema,
  /** To make a reply again: evaluates the prompt anew in these batches. */
  batches: z.array(batchSchema).optional(),
  /** To make a reply again: the threads that it was written with. */
  threads: z.array(threadRunSchema).optional(),
  /** To make a reply again that was cut short: ends after so many tokens, and keeps the same room for it. */
  cutAfterTokens: z.number().int().positive().optional(),
  /** Whether it ends when it repeats itself or goes on as the user; only turns of a chat can. */
  isGuarded: z.boolean().optional(),
  /** The chat that the reply belongs to; absent for free runs. */
  conversation: idSchema.optional(),
  /** Nothing of it may reach the disk. */
  incognito: z.boolean().optional(),
  /** Least time between two frames of text, where the model shares the cores with a page; absent: none paints. */
  frameIntervalMs: z.number().optional(),
  /** Tells what the model gave each token, and so many of the likeliest at its place; absent: nothing of it. */
  topTokens: z.number().int().min(0).optional(),
});

/** How a prompt fits the context of the loaded model. */
export const promptPlanSchema = z.object({
  /** Tokens of the prompt as it would be sent, without what is left out. */
  promptTokens: z.number().int(),
  /** Tokens kept free for the reply. */
  reserveTokens: z.number().int(),
  contextSize: z.number().int(),
  /** Tokens too many that the policy leaves nothing out for; 0 = the prompt can be sent. */
  overTokens: z.number().int(),
  /** Nobody counted the tokens: they are guessed. */
  isEstimate: z.boolean().optional(),
  /** Why each of the messages is not sent; null = it is. */
  leftOut: z.array(leftOutReasonSchema.nullable()),
});

/** What the saved KV states take on the disk. */
export const stateUsageSchema = z.object({ states: z.number().int(), sizeBytes: z.number().int() });

const call = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ input, output });

/** Calls: main asks by name, the engine answers once. */
export const engineCalls = {
  load: call(loadRequestSchema, loadedModelSchema),
  unload: call(z.null(), z.null()),
  /** Answered when the run is queued; the run itself reports by messages. Runs wait for one another in order. */
  generate: call(generateRequestSchema, z.null()),
  /** What `generate` would send of this prompt; null without a model. Does not wait for runs. */
  planPrompt: call(
    z.object({ prompt: chatPromptSchema, maxNewTokens: z.number().int() }),
    promptPlanSchema.nullable(),
  ),
  /** Saved KV states take at most this much of the disk from now on; the least recently used go. */
  limitStates: call(z.object({ budgetBytes: z.number().nonnegative() }), stateUsageSchema),
  clearStates: call(z.null(), stateUsageSchema),
  /** The prompt as `generate` would send it, token by token. Does not wait for runs. */
  inspectPrompt: call(
    z.object({
      prompt: chatPromptSchema,
      maxNewTokens: z.number().int(),
      /** Whose last request it is compared with. */
      conversation: idSchema.nullable(),
    }),
    inspectionSchema,
  ),
  /** What a template that is being written makes of a short conversation. Does not wait for runs. */
  previewTemplate: call(writtenTemplateSchema, templatePreviewSchema),
  /** The template that the loaded model's file carries; null = none. */
  modelTemplate: call(z.null(), z.string().nullable()),
  /** Two short turns by a template, null = the one in force. Waits for runs; `cancel` with this id ends it. */
  probeTemplate: call(z.object({ runId: idSchema, template: z.string().nullable() }), probeSchema),
  nextTokens: call(
    z.object({
      prompt: promptSchema,
      sampling: samplingSchema,
      /** Nothing of it may reach the disk. */
      incognito: z.boolean().optional(),
    }),
    nextTokensSchema,
  ),
  /**
   * What may come next after each sampler. Evaluates the prompt once; with other samplers nothing is evaluated again. Tells
   * of its progress by frames of the kind `prefill`; `cancel` stops it.
   */
  stageShares: call(
    z.object({
      runId: idSchema,
      prompt: promptSchema,
      sampling: samplingSchema,
      /** Nothing of it may reach the disk. */
      incognito: z.boolean(),
    }),
    stageSharesSchema,
  ),
  /** Tells of its progress by frames of the kind `prefill`; `cancel` stops it. */
  perplexity: call(z.object({ runId: idSchema, text: z.string() }), perplexitySchema),
  /** Of a text inside a prompt. */
  countTokens: call(z.object({ text: z.string() }), z.number()),
  /** Numbers of the tokens of a text, without a mark before it. @param marks whether the names of special tokens are those tokens */
  tokenize: call(z.object({ text: z.string(), marks: z.boolean() }), z.array(z.number().int())),
  detokenize: call(z.object({ tokens: z.array(z.number().int()) }), z.string()),
  /** A vector of length 1 for each text; `cancel` with this id stops it. */
  embed: call(
    z.object({ runId: idSchema, texts: z.array(z.string()) }),
    z.object({ vectors: z.array(z.array(z.number())), tokens: z.number().int() }),
  ),
  /** Of a text that is a prompt by itself. */
  countPrompt: call(textPromptSchema, z.number()),
  /** The same, token by token. */
  tokensOfPrompt: call(textPromptSchema, z.array(promptTokenSchema)),
  /** The prompt as `generate` would send it, as text with the names of special tokens. */
  promptText: call(z.object({ prompt: chatPromptSchema, maxNewTokens: z.number().int() }), z.string()),
} as const;

/** From main to the engine. `seq` pairs a call with its `answer`. */
export const engineRequestSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call'),
    seq: z.number().int(),
    name: z.enum(Object.keys(engineCalls) as [EngineCall, ...EngineCall[]]),
    input: z.unknown(),
  }),
  /** Stops a run or takes it out of the queue. Unknown runs are ignored. */
  z.object({ type: z.literal('cancel'), runId: idSchema }),
  /** Aborts a load in progress; its answer is the error `cancelled`. */
  z.object({ type: z.literal('cancel-load') }),
  /** What its messages are said in from here on. */
  z.object({ type: z.literal('speak'), language: z.enum(languages) }),
  /** A MessagePort for text frames comes with this message; it replaces the one before. */
  z.object({ type: z.literal('port') }),
]);

const loadProgressSchema = z.object({
  type: z.literal('load-progress'),
  /** Fraction of the weights that is read; at 1 the context is made. */
  progress: z.number(),
  /** Whether layers go to a GPU. */
  onGpu: z.boolean(),
});

/** From the engine to main. */
export const engineMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('answer'),
    seq: z.number().int(),
    result: z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), value: z.unknown() }),
      z.object({ ok: z.literal(false), error: errorSchema }),
    ]),
  }),
  loadProgressSchema,
  /** New text of a run, with the same pace as the frames: what is left of a reply when the engine dies. */
  z.object({
    type: z.literal('text'),
    runId: idSchema,
    offset: z.number().int(),
    text: z.string(),
    tokens: z.array(writtenTokenSchema).optional(),
  }),
  /** Something went wrong that no call was waiting for, and that harms none. */
  z.object({ type: z.literal('notice'), error: errorSchema }),
  /** The whole text so far, about once a second: what main saves. */
  z.object({ type: z.literal('checkpoint'), runId: idSchema, text: z.string(), stats: replyStatsSchema }),
  z.object({
    type: z.literal('done'),
    runId: idSchema,
    text: z.string(),
    stats: replyStatsSchema,
    prompt: z.string(),
  }),
  /** The run failed. text is what was written until then. */
  z.object({ type: z.literal('failed'), runId: idSchema, text: z.string(), error: errorSchema }),
]);

/**
 * From the engine to the page over its port, batched. `text` is new text since the frame before; `offset` is where
 * it starts in the reply (UTF-16 units), so that a page which missed frames sees the gap.
 */
export type Frame =
  | { readonly kind: 'prefill'; readonly runId: string; readonly done: number; readonly total: number }
  | {
      readonly kind: 'text';
      readonly runId: string;
      readonly offset: number;
      readonly text: string;
      /** Those whose text is certain now, where they were asked for. */
      readonly tokens?: WrittenToken[];
      readonly tokensPerSecond: number;
    };

export type PromptMessage = z.infer<typeof promptMessageSchema>;
export type ChatPrompt = z.infer<typeof chatPromptSchema>;
export type PromptPlan = z.infer<typeof promptPlanSchema>;
export type Prompt = z.infer<typeof promptSchema>;
export type TextPrompt = z.infer<typeof textPromptSchema>;
export type StateUsage = z.infer<typeof stateUsageSchema>;
export type LoadProgress = Omit<z.infer<typeof loadProgressSchema>, 'type'>;
export type LoadRequest = z.infer<typeof loadRequestSchema>;
export type GenerateRequest = z.infer<typeof generateRequestSchema>;
export type EngineCall = keyof typeof engineCalls;
export type EngineInput<C extends EngineCall> = z.output<(typeof engineCalls)[C]['input']>;
export type EngineOutput<C extends EngineCall> = z.output<(typeof engineCalls)[C]['output']>;
export type EngineRequest = z.infer<typeof engineRequestSchema>;
export type EngineMessage = z.infer<typeof engineMessageSchema>;
