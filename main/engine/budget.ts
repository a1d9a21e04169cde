/** Owns what of a conversation fits the context: leaves whole turns out by the chat's policy, never cuts a text. */
import { msg, t, type Message } from '../../preload/contract/language.js';
import type { LeftOutReason, OverflowPolicy } from '../../preload/contract/chats.js';
import type { ChatPrompt, PromptMessage, PromptPlan } from '../../preload/contract/engine.js';
import { AppError } from '../../preload/contract/errors.js';

export type Budget = {
  readonly policy: OverflowPolicy;
  /** Tokens that the prompt may have. */
  readonly limit: number;
  /** Roughly the tokens of one text; only decides which prompts are counted exactly first. */
  readonly estimate: (text: string) => number;
};

export type Fitted<T> = {
  /** The prompt as it would be sent. */
  readonly tokens: T;
  /** Why a message is not in it, by its place in the conversation; null = it is. */
  readonly leftOut: readonly (LeftOutReason | null)[];
  /** Tokens beyond the limit that nothing may be left out for; 0 = it can be sent. */
  readonly overTokens: number;
};

/** A user's message with what answers it: it stays or leaves as a whole, so that the roles alternate as before. */
type Turn = { readonly indexes: number[]; pinned: boolean; leftOut: boolean };

/**
 * Tokens kept free for the reply: `max_new_tokens` where it is set, at most half of the context; else a quarter of the
 * context, at most 512.
 */
export function replyReserve(contextSize: number, maxNewTokens: number): number {
  return maxNewTokens > 0
    ? Math.min(maxNewTokens, contextSize >> 1)
    : Math.min(512, Math.floor(contextSize / 4));
}

/**
 * The fewest turns to leave out so that the prompt fits. System messages and the last turn always stay. The oldest
 * turns leave first; pinned ones, where the policy keeps them, only after all others. Under `stop` none leaves but by
 * hand.
 * @param count exact tokens of the prompt of some messages; asked a few times, however long the conversation is
 */
export function fitToContext<T extends { readonly length: number }>(
  messages: readonly PromptMessage[],
  { policy, limit, estimate }: Budget,
  count: (messages: readonly PromptMessage[]) => T,
): Fitted<T> {
  const turns = turnsOf(messages);
  const earlier = turns.slice(0, -1);
  const leftOut = messages.map((): LeftOutReason | null => null);
  for (const turn of earlier.filter((each) => each.leftOut)) mark(leftOut, turn, 'by-hand');
  const order = leavingOrder(earlier, policy);

  const prompts = new Map<number, { marks: typeof leftOut; sent: readonly PromptMessage[]; tokens: T }>();
  const promptWithout = (leaving: number) => {
    const known = prompts.get(leaving);
    if (known !== undefined) return known;
    const marks = [...leftOut];
    for (const turn of order.slice(0, leaving)) mark(marks, turn, 'context-full');
    const sent = messages.filter((_, index) => marks[index] === null);
    const prompt = { marks, sent, tokens: count(sent) };
    prompts.set(leaving, prompt);
    return prompt;
  };

  /** How many turns would have to leave if a message cost so much more than its text. */
  const guess = (more: number): number => {
    const cost = (each: readonly PromptMessage[]) =>
      each.reduce((sum, { text }) => sum + estimate(text) + more, 0);
    let excess = cost(messages.filter((_, index) => leftOut[index] === null)) - limit;
    let leaving = 0;
    while (leaving < order.length && excess > 0) {
      excess -= cost(order[leaving++]!.indexes.map((index) => messages[index]!));
    }
    return leaving;
  };
  // The first prompt that is counted shows what the template adds to a message.
  const { sent, tokens } = promptWithout(guess(0));
  const texts = sent.reduce((sum, { text }) => sum + estimate(text), 0);
  const more = (tokens.length - texts) / Math.max(1, sent.length);

  const fits = (leaving: number) => promptWithout(leaving).tokens.length <= limit;
  const leaving = Math.min(least(order.length, guess(more), fits), order.length);
  const fitted = promptWithout(leaving);
  return {
    tokens: fitted.tokens,
    leftOut: fitted.marks,
    overTokens: Math.max(0, fitted.tokens.length - limit),
  };
}

const remedies = {
  text: msg('Shorten it, or set a larger context under Parameters.'),
  message: msg('Shorten it, or set a larger context under Parameters.'),
  turn: msg('Set a larger context under Parameters, or start a new chat.'),
  conversation: msg(
    'Let this chat leave out its oldest turns, set a larger context under Parameters, or start a new chat.',
  ),
} as const;

const tooLongs = {
  text: msg(
    'This text is {over, number} tokens too long: it needs {needed, number} tokens, and the context has room for {room, number}.',
  ),
  message: msg(
    'This message is {over, number} tokens too long: it needs {needed, number} tokens, and the context has room for {room, number}.',
  ),
  turn: msg(
    'This turn is {over, number} tokens too long: it needs {needed, number} tokens, and the context has room for {room, number}.',
  ),
  conversation: msg(
    'This conversation is {over, number} tokens too long: it needs {needed, number} tokens, and the context has room for {room, number}.',
  ),
} as const satisfies Record<keyof typeof remedies, Message>;

/**
 * The error for a prompt that can't be sent, with what can be done.
 * @param roomTokens what the prompt may have at most
 */
export function tooLong(what: keyof typeof remedies, overTokens: number, roomTokens: number): AppError {
  return new AppError({
    code: 'prompt-too-long',
    message: t(tooLongs[what], {
      over: overTokens,
      needed: roomTokens + overTokens,
      room: roomTokens,
    }),
    hint: t(remedies[what]),
  });
}

/** Why a prompt can't be sent, by its plan; null when it can. */
export function refusal({ messages, policy }: ChatPrompt, plan: PromptPlan): AppError | null {
  if (plan.overTokens === 0) return null;
  const couldLeaveOut = policy === 'stop' && turnsOf(messages).length > 1;
  const last = messages.at(-1)?.role === 'assistant' ? 'turn' : 'message';
  const room = plan.contextSize - plan.reserveTokens;
  return tooLong(couldLeaveOut ? 'conversation' : last, plan.overTokens, room);
}

/** The turns of a conversation, oldest first; system messages are in none. */
export function turnsOf(messages: readonly Pick<PromptMessage, 'role' | 'inclusion'>[]): Turn[] {
  const turns: Turn[] = [];
  for (const [index, { role, inclusion }] of messages.entries()) {
    if (role === 'system') continue;
    if (role === 'user' || turns.length === 0) turns.push({ indexes: [], pinned: false, leftOut: false });
    const turn = turns.at(-1)!;
    turn.indexes.push(index);
    turn.pinned ||= inclusion === 'pinned';
    turn.leftOut ||= inclusion === 'left-out';
  }
  return turns;
}

/** The turns that may leave, the first one first. */
function leavingOrder(earlier: readonly Turn[], policy: OverflowPolicy): Turn[] {
  const free = earlier.filter((turn) => !turn.leftOut);
  switch (policy) {
    case 'stop':
      return [];
    case 'drop-oldest':
      return free;
    case 'keep-pinned':
      return [...free.filter((turn) => !turn.pinned), ...free.filter((turn) => turn.pinned)];
  }
}

function mark(marks: (LeftOutReason | null)[], turn: Turn, reason: LeftOutReason): void {
  for (const index of turn.indexes) marks[index] = reason;
}

/**
 * The least number from 0 to `most` that passes, or most + 1. Each larger one passes too. Looks around the guess first,
 * so a good guess costs two questions.
 */
function least(most: number, guess: number, passes: (value: number) => boolean): number {
  let low = 0;
  let high = most + 1;
  let at = guess;
  for (let step = 1; low < high; step *= 2) {
    if (passes(at)) {
      high = at;
      at = Math.max((low + high) >> 1, high - step);
    } else {
      low = at + 1;
      at = Math.min((low + high) >> 1, low + step - 1);
    }
  }
  return low;
}
