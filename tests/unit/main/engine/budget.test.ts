import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { fitToContext, refusal, replyReserve, tooLong } from '../../../../main/engine/budget.js';
import type { Inclusion, OverflowPolicy } from '../../../../preload/contract/chats.js';
import type { PromptMessage } from '../../../../preload/contract/engine.js';

/** Each letter is a token. */
const count = (messages: readonly PromptMessage[]) => messages.map(({ text }) => text).join('');
const estimate = (text: string) => text.length;
const message = (
  role: PromptMessage['role'],
  letter: string,
  length: number,
  inclusion: Inclusion = 'auto',
) => ({ role, text: letter.repeat(length), inclusion });
const talk = [
  message('system', 's', 10),
  message('user', 'a', 100),
  message('assistant', 'b', 100),
  message('user', 'c', 100),
  message('assistant', 'd', 100),
  message('user', 'e', 100),
];
const fit = (messages: readonly PromptMessage[], limit: number, policy: OverflowPolicy = 'drop-oldest') =>
  fitToContext(messages, { policy, limit, estimate }, count);
/** The messages that are sent, by their letters. */
const letters = (tokens: string) => [...new Set(tokens)].join('');

describe('what leaves', () => {
  test('what fits stays whole', () => {
    expect(fit(talk, 510)).toEqual({ tokens: count(talk), leftOut: talk.map(() => null), overTokens: 0 });
  });

  test('whole oldest turns go first; the system prompt and the last turn stay', () => {
    const { tokens, leftOut, overTokens } = fit(talk, 509);
    expect(letters(tokens)).toBe('scde');
    expect(leftOut).toEqual([null, 'context-full', 'context-full', null, null, null]);
    expect(overTokens).toBe(0);
    // A reply that is continued needs the question before it.
    expect(letters(fit(talk.slice(0, 5), 250).tokens)).toBe('scd');
  });

  test('a pinned message keeps its turn while it fits, where the policy says so', () => {
    const pinned = talk.map((each) =>
      each.text[0] === 'a' ? { ...each, inclusion: 'pinned' as const } : each,
    );
    expect(letters(fit(pinned, 400, 'keep-pinned').tokens)).toBe('sabe');
    expect(letters(fit(pinned, 300, 'keep-pinned').tokens)).toBe('se');
    expect(letters(fit(pinned, 400, 'drop-oldest').tokens)).toBe('scde');
  });

  test('a turn left out by hand is out, also when there is room; the last one can’t be', () => {
    const muted = talk.map((each) =>
      'de'.includes(each.text[0]!) ? { ...each, inclusion: 'left-out' as const } : each,
    );
    const { tokens, leftOut } = fit(muted, 1000);
    expect(letters(tokens)).toBe('sabe');
    expect(leftOut).toEqual([null, null, null, 'by-hand', 'by-hand', null]);
  });

  test('stop leaves nothing out, and says how much is too much', () => {
    const { tokens, leftOut, overTokens } = fit(talk, 450, 'stop');
    expect([tokens.length, overTokens]).toEqual([510, 60]);
    expect(leftOut.every((reason) => reason === null)).toBe(true);
  });

  test('a last turn that alone is too long is over by so many tokens', () => {
    expect(fit(talk, 90).overTokens).toBe(20);
    expect(fit([message('user', 'x', 99)], 90).overTokens).toBe(9);
  });

  test('a long conversation costs few renders, near the size of the context', () => {
    const long = Array.from({ length: 2000 }, (_, index) =>
      message(index % 2 === 0 ? 'user' : 'assistant', 'x', 1 + ((index * 7919) % 97)),
    );
    const counted = vi.fn(count);
    const { tokens } = fitToContext(long, { policy: 'drop-oldest', limit: 8000, estimate }, counted);
    expect(tokens.length).toBeLessThanOrEqual(8000);
    expect(counted.mock.calls.length).toBeLessThanOrEqual(2);
    expect(counted.mock.results.every(({ value }) => (value as string).length < 8200)).toBe(true);
    // However wrong the estimate is.
    for (const wrong of [0, 0.1, 10, 1e6]) {
      counted.mockClear();
      const budget = { policy: 'drop-oldest' as const, limit: 8000, estimate: () => wrong };
      expect(fitToContext(long, budget, counted).tokens).toBe(tokens);
      expect(counted.mock.calls.length).toBeLessThanOrEqual(20);
    }
  });
});

describe('for every conversation', () => {
  const turn = fc.record({
    question: fc.nat(40),
    answer: fc.nat(40),
    mark: fc.constantFrom<Inclusion>('auto', 'auto', 'pinned', 'left-out'),
  });
  const conversation = fc.record({
    system: fc.option(fc.nat(20)),
    turns: fc.array(turn, { minLength: 1, maxLength: 14 }),
    answered: fc.boolean(),
    policy: fc.constantFrom<OverflowPolicy>('stop', 'drop-oldest', 'keep-pinned'),
    limit: fc.nat(600),
    wrong: fc.constantFrom(0, 0.2, 1, 7),
  });
  type Conversation = typeof conversation extends fc.Arbitrary<infer T> ? T : never;
  const messagesOf = ({ system, turns, answered }: Conversation): PromptMessage[] => [
    ...(system === null ? [] : [message('system', 's', system)]),
    ...turns.flatMap(({ question, answer, mark }, index) => [
      message('user', 'q', question, mark),
      ...(index === turns.length - 1 && !answered ? [] : [message('assistant', 'a', answer)]),
    ]),
  ];

  test('the prompt fits or is refused; whole turns leave, no more than must, pinned ones last', () => {
    fc.assert(
      fc.property(conversation, (given) => {
        const messages = messagesOf(given);
        const { policy, limit, wrong } = given;
        const budget = { policy, limit, estimate: (text: string) => text.length * wrong };
        const fitted = fitToContext(messages, budget, count);
        expect(fitToContext(messages, budget, count)).toEqual(fitted);

        const { tokens, leftOut, overTokens } = fitted;
        expect(tokens).toBe(count(messages.filter((_, index) => leftOut[index] === null)));
        expect(overTokens).toBe(Math.max(0, tokens.length - limit));

        // Templates that insist on it still get questions and replies by turns.
        const roles = messages.filter((_, index) => leftOut[index] === null).map(({ role }) => role);
        const talking = roles.filter((role) => role !== 'system');
        expect(talking).toEqual(talking.map((_, index) => (index % 2 === 0 ? 'user' : 'assistant')));

        const offset = given.system === null ? 0 : 1;
        if (offset === 1) expect(leftOut[0]).toBeNull();
        const turns = given.turns.map(({ mark }, index) => {
          const reasons = leftOut.slice(offset + 2 * index, offset + 2 * index + 2);
          expect(new Set(reasons).size).toBe(1);
          const size = messages.slice(offset + 2 * index, offset + 2 * index + 2);
          return { mark, reason: reasons[0], tokens: count(size).length };
        });
        expect(turns.pop()?.reason).toBeNull();
        const free = turns.filter(({ mark }) => mark !== 'left-out');
        for (const { mark, reason } of turns) expect(reason === 'by-hand').toBe(mark === 'left-out');
        if (policy === 'stop') {
          expect(free.every(({ reason }) => reason === null)).toBe(true);
          return;
        }

        const isPinned = ({ mark }: { mark: Inclusion }) => policy === 'keep-pinned' && mark === 'pinned';
        const order = [...free.filter((each) => !isPinned(each)), ...free.filter(isPinned)];
        const leaving = order.filter(({ reason }) => reason === 'context-full').length;
        expect(order.map(({ reason }) => reason === 'context-full')).toEqual(
          order.map((_, index) => index < leaving),
        );
        if (overTokens > 0) expect(leaving).toBe(order.length);
        // One turn less would not have been enough.
        if (leaving > 0) expect(tokens.length + order[leaving - 1]!.tokens).toBeGreaterThan(limit);
      }),
      { numRuns: 500 },
    );
  });
});

test('room for the reply: what is asked for, at most half; else a quarter, at most 512', () => {
  expect(replyReserve(8192, 0)).toBe(512);
  expect(replyReserve(512, 0)).toBe(128);
  expect(replyReserve(8192, 2000)).toBe(2000);
  expect(replyReserve(512, 4096)).toBe(256);
});

test('a refusal names the number of tokens and a way on', () => {
  expect(tooLong('text', 1312, 1536)).toMatchObject({
    code: 'prompt-too-long',
    message: 'This text is 1,312 tokens too long: it needs 2,848 tokens, and the context has room for 1,536.',
  });
  const plan = { promptTokens: 500, reserveTokens: 128, contextSize: 512, overTokens: 116, leftOut: [] };
  const refused = (policy: OverflowPolicy) => refusal({ kind: 'chat', messages: talk, policy }, plan);
  expect(refused('stop')?.message).toContain('This conversation is 116 tokens too long');
  expect(refused('stop')?.hint).toContain('Let this chat leave out its oldest turns');
  expect(refused('drop-oldest')?.message).toContain('This message is 116 tokens too long');
  expect(refusal({ kind: 'chat', messages: talk }, { ...plan, overTokens: 0 })).toBeNull();
});
