/** Owns making a reply again: what to ask of the engine for it, and how the outcome compares; never saves anything. */
import { t } from '../../preload/contract/language.js';
import type { Batch, PathMessage, ReplyOrigin, ReplyStats } from '../../preload/contract/chats.js';
import type { ChatPrompt, GenerateRequest } from '../../preload/contract/engine.js';
import { AppError } from '../../preload/contract/errors.js';
import type { ReplayResult } from '../../preload/contract/replay.js';
import { samplingSchema } from '../../preload/contract/sampling-schema.js';
import { promptUpTo, type Conversation } from './prompt.js';

type Replayed = { readonly text: string; readonly stats: ReplyStats };
type Request = Omit<GenerateRequest, 'runId' | 'prompt'> & { readonly prompt: ChatPrompt };

/** Reasons that lie outside the engine: the reply could have gone on. */
const cutShort: readonly ReplyStats['stopReason'][] = ['stopped', 'partial', 'error', 'loop', 'self-talk'];

/**
 * The request that makes a reply of the thread again.
 * @throws AppError bad-input when what it came from was not kept
 */
export function replayRequest(thread: Conversation, reply: PathMessage, systemPrompt: string): Request {
  const { stats, parentId, id, text } = reply;
  const origin = stats?.origin ?? null;
  if (stats === null || origin === null) {
    throw new AppError({
      code: 'bad-input',
      message: t('This reply was made before the app kept what replies come from, so it can’t be replayed.'),
      hint: t('Regenerate it to get one that can.'),
    });
  }
  const { baseLength, batches, threads } = origin;
  const messages = thread.messages.map((message) =>
    message.id === id ? { ...message, text: text.slice(0, baseLength) } : message,
  );
  return {
    prompt: promptUpTo({ ...thread, messages }, baseLength > 0 ? id : parentId, systemPrompt),
    sampling: samplingSchema.parse({ ...origin.sampling, seed: stats.seed }),
    ...(batches === null ? {} : { batches }),
    ...(threads.length === 0 ? {} : { threads }),
    ...(cutShort.includes(stats.stopReason) ? { cutAfterTokens: Math.max(1, stats.tokens) } : {}),
  };
}

/** Where the texts part, and what is not as it was then. */
export function compareReplay({ stats, text, editedAt }: PathMessage, now: Replayed): ReplayResult {
  const before = text.slice(stats!.origin!.baseLength);
  return {
    differsAt: difference(before, now.text, cutShort.includes(stats!.stopReason)),
    before,
    now: now.text,
    changed: [
      ...changes(stats!, now.stats),
      ...(editedAt === null
        ? []
        : [{ what: t('The reply'), before: t('as it was written'), now: t('edited by hand') }]),
    ],
  };
}

/** @returns the first place, in UTF-16 units, that is not the same; null when none is */
function difference(before: string, now: string, open: boolean): number | null {
  const shorter = Math.min(before.length, now.length);
  for (let at = 0; at < shorter; at++) if (before[at] !== now[at]) return at;
  return open || before.length === now.length ? null : shorter;
}

function changes(before: ReplyStats, now: ReplyStats): ReplayResult['changed'] {
  const [then, today] = [before.origin!, now.origin];
  if (today === null) return [];
  const file = ({ model, server }: typeof then) =>
    server === undefined
      ? `${model.name} (${model.hash.slice(0, 8)})`
      : t('{model} (at {server})', { model: model.name, server });
  const pairs: readonly (readonly [what: string, before: string, now: string])[] = [
    [t('Model'), file(then), file(today)],
    [t('Prompt template'), before.template, now.template],
    [t('Engine'), then.engine, today.engine],
    ['GPU', then.gpu ?? t('none'), today.gpu ?? t('none')],
    [t('Context'), tokens(before.contextSize), tokens(now.contextSize)],
    [t('Prompt'), prompt(before, then.promptHash), prompt(now, today.promptHash)],
    [t('Way of reading the prompt'), way(then.batches), way(today.batches)],
    [t('Threads'), threadsOf(then), threadsOf(today)],
  ];
  return pairs.flatMap(([what, was, is]) => (was === is ? [] : [{ what, before: was, now: is }]));
}

const tokens = (count: number) => t('{count} tokens', { count });
const prompt = ({ promptTokens }: ReplyStats, hash: string) =>
  t('{count} tokens ({hash})', { count: promptTokens, hash: hash.slice(0, 8) });

/** The same tokens read in other pieces are rounded otherwise. */
function way(batches: readonly Batch[] | null): string {
  if (batches === null) return t('not known');
  const piece = ([kept, size, times]: Batch) =>
    `${size > kept ? t('{kept} of {size}', { kept, size }) : kept}${times > 1 ? ` × ${times}` : ''}`;
  return t('in pieces of {sizes}', { sizes: batches.map(piece).join(', ') });
}

/** Of writing; the last step may be one that only a whole reply takes. */
function threadsOf({ threads }: ReplyOrigin): string {
  return threads.length === 0 ? t('not known') : [...new Set(threads.map(([count]) => count))].join(', ');
}
