/** Owns the records of comparisons, duels, votes and ratings as they cross IPC, and the channels for them. */
import { z } from 'zod';
import { aspects, categories, choices, mostColumns, mostContestants } from './arena-words.js';
import { channel, nothing } from './channel.js';
import { idSchema, replyStatsSchema, textSchema } from './chats.js';
import { errorSchema } from './errors.js';

/** What makes one contestant another than the next. */
export const contestantSpecSchema = z.object({
  modelPath: z.string().min(1).max(4096),
  /** Null = what is set under Parameters, or in the chat. */
  presetId: z.string().max(64).nullable(),
  /** Null = the one that the model has otherwise. */
  template: z.string().max(64).nullable(),
});

export const contestantSchema = contestantSpecSchema.extend({
  id: idSchema,
  modelName: z.string(),
  /** '' where none is chosen; what it was called when it was used last. */
  presetName: z.string(),
  templateName: z.string(),
});

/** A turn before the prompt. */
const turnSchema = z.object({ role: z.enum(['system', 'user', 'assistant']), text: textSchema });

/** What was measured of a reply besides its stats. */
const measuresSchema = z.object({
  /** Null = the model was loaded already. */
  loadMs: z.number().nullable(),
  /** Weights, KV cache and buffers. */
  memoryBytes: z.number(),
});

const matchReplySchema = z.object({
  /** Null while the names are hidden. */
  contestant: contestantSchema.nullable(),
  state: z.enum(['waiting', 'loading', 'writing', 'ended']),
  /** Fraction of the model that is loaded. */
  loadProgress: z.number(),
  text: z.string(),
  /** These three are null while the names are hidden, too: they may tell which model it is. */
  stats: replyStatsSchema.nullable(),
  measures: measuresSchema.nullable(),
  error: errorSchema.nullable(),
});

/** From 1 to 5; those that were not marked are missing. */
const aspectScoresSchema = z.partialRecord(z.enum(aspects), z.number().int().min(1).max(5));
const bothAspectsSchema = z.object({ a: aspectScoresSchema, b: aspectScoresSchema });

const voteSchema = z.object({
  id: idSchema,
  /** `user`, or the name of the model that judged. */
  voter: z.string(),
  choice: z.enum(choices),
  aspects: bothAspectsSchema,
  /** Why, in words; '' = nothing was said. */
  comment: z.string(),
  createdAt: z.number().int(),
});

const matchKinds = ['side-by-side', 'duel'] as const;
const categorySchema = z.string().trim().min(1).max(60);

export const matchSchema = z.object({
  id: idSchema,
  kind: z.enum(matchKinds),
  prompt: z.string(),
  /** The turns before it. */
  history: z.array(turnSchema),
  category: z.string(),
  seed: z.number().int(),
  /** The chat that it goes on with; null = none. */
  chatId: idSchema.nullable(),
  createdAt: z.number().int(),
  /** Null while replies are written. */
  endedAt: z.number().int().nullable(),
  /** Whether names and figures are hidden until there is a vote. */
  isHidden: z.boolean(),
  /** From left to right; of a duel, A and B. */
  replies: z.array(matchReplySchema),
  votes: z.array(voteSchema),
});

/** What is asked of all contestants alike. */
const questionSchema = z.object({
  /** '' = the last question of the chat again. */
  prompt: textSchema,
  /** Turns before the prompt; with a chat, its own. */
  history: z.array(turnSchema).max(1000).default([]),
  /** The chat that it goes on with; null = none. */
  chatId: idSchema.nullable().default(null),
  category: categorySchema.default(categories[0]),
  /** Below 0 = drawn, once for all. */
  seed: z.number().int().min(-1).max(4_294_967_295).default(-1),
});

const specsSchema = (most: number) => z.array(contestantSpecSchema).min(2).max(most).readonly();

/** Whether the models of some contestants are in memory together, and why. */
const loadPlanSchema = z.object({
  /** How many different models of this machine there are. */
  models: z.number().int(),
  together: z.boolean(),
  reason: z.enum(['servers', 'one-model', 'fits', 'memory', 'gpu']),
  neededBytes: z.number(),
  freeBytes: z.number(),
});

const filterSchema = z.object({
  /** Null = all. */
  category: z.string().nullable(),
  voter: z.string().nullable(),
});

const tallySchema = z.object({
  duels: z.number().int(),
  wins: z.number().int(),
  ties: z.number().int(),
  losses: z.number().int(),
});

const standingSchema = tallySchema.extend({
  contestant: contestantSchema,
  /**
   * `rated`: the ratings say something. `one-sided`: it only won or only lost against the others, so only the prior keeps
   * its rating finite. `apart`: no chain of duels leads to the others, so there is nothing to compare by.
   */
  standing: z.enum(['rated', 'one-sided', 'apart']),
  /** On the scale of Elo, the mean of all that are not apart at 1000; null where it is apart. */
  rating: z.number().nullable(),
  /** Bounds of the interval of 95 % by bootstrap; null with the rating. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Means of what was marked; those that were never marked are missing. */
  aspects: z.partialRecord(z.enum(aspects), z.object({ mean: z.number(), count: z.number().int() })),
});

const leaderboardSchema = z.object({
  /** The best first; those that are apart at the end. */
  standings: z.array(standingSchema),
  /** Of each standing against each: duels, and points (a tie is half a one). */
  matrix: z.array(z.array(z.object({ duels: z.number().int(), points: z.number() }))),
  /** All votes that the filter lets through. */
  votes: z.number().int(),
  /** All there are, whatever the filter. */
  categories: z.array(z.string()),
  voters: z.array(z.string()),
});

const ofMatch = z.object({ matchId: idSchema });

export const arenaChannels = {
  'arena.plan': channel(z.object({ contestants: specsSchema(mostContestants) }), loadPlanSchema),
  /** Writes side by side. @throws busy while the one before is written */
  'arena.compare': channel(questionSchema.extend({ contestants: specsSchema(mostColumns) }), matchSchema),
  /** Draws two of the contestants and their sides, and lets them write unnamed. @throws busy */
  'arena.duel': channel(questionSchema.extend({ contestants: specsSchema(mostContestants) }), matchSchema),
  /** Stops one reply, or all of a match. */
  'arena.stop': channel(ofMatch.extend({ position: z.number().int().nullable() }), z.void()),
  /** The last match of a kind, whether it is still written or not; null = there is none. */
  'arena.last': channel(z.object({ kind: z.enum(matchKinds) }), matchSchema.nullable()),
  /** The latest first; with `kind`, those alone. */
  'arena.list': channel(z.object({ limit: z.number().int().min(1).max(1000) }), z.array(matchSchema)),
  /** A vote of the user, in place of the one before. From now on the names are shown. */
  'arena.vote': channel(
    ofMatch.extend({ choice: z.enum(choices), aspects: bothAspectsSchema.default({ a: {}, b: {} }) }),
    matchSchema,
  ),
  /** Deletes matches with their votes; undo brings them back. */
  'arena.delete': channel(z.object({ matchIds: z.array(idSchema).min(1).max(1000) }), z.void()),
  /** Replies become versions of one reply in the match's chat, or in a new one. @returns the chat */
  'arena.keep': channel(ofMatch.extend({ positions: z.array(z.number().int()).min(1) }), idSchema),
  'arena.leaderboard': channel(filterSchema, leaderboardSchema),
  /** Lets the user choose a place, and writes the leaderboard; JSON with all its duels. @returns its path; null = none chosen */
  'arena.export': channel(filterSchema.extend({ format: z.enum(['csv', 'json']) }), z.string().nullable()),
  /** The categories of all matches. */
  'arena.categories': channel(nothing, z.array(z.string())),
} as const;

/** Broadcasts: main tells the page. */
export type ArenaEvents = {
  /** A match is another one than it was, but for text that was told. */
  readonly 'arena.match': Match;
  /** New text of a reply; `offset` is where it begins, in UTF-16 units. */
  readonly 'arena.text': {
    readonly matchId: string;
    readonly position: number;
    readonly offset: number;
    readonly text: string;
  };
};

export type ContestantSpec = z.infer<typeof contestantSpecSchema>;
export type Contestant = z.infer<typeof contestantSchema>;
export type Turn = z.infer<typeof turnSchema>;
export type Measures = z.infer<typeof measuresSchema>;
export type MatchReply = z.infer<typeof matchReplySchema>;
export type BothAspects = z.infer<typeof bothAspectsSchema>;
export type Vote = z.infer<typeof voteSchema>;
export type MatchKind = (typeof matchKinds)[number];
export type Match = z.infer<typeof matchSchema>;
export type Question = z.output<typeof questionSchema>;
export type LoadPlan = z.infer<typeof loadPlanSchema>;
export type VoteFilter = z.infer<typeof filterSchema>;
export type Standing = z.infer<typeof standingSchema>;
export type Leaderboard = z.infer<typeof leaderboardSchema>;
