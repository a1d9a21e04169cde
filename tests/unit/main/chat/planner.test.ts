/** Plans of long chats: of the texts only some are read, and the plan is that of all. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Planner } from '../../../../main/chat/planner.js';
import { fitToContext } from '../../../../main/engine/budget.js';
import type { Inclusion, OverflowPolicy, PathMessage, Thread } from '../../../../preload/contract/chats.js';
import type { ChatPrompt } from '../../../../preload/contract/engine.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';
import { emptyLevel } from '../../../../preload/contract/levels.js';

const limit = 400;
type Said = { readonly length: number; readonly role: 'user' | 'assistant'; readonly inclusion: Inclusion };

/** A planner over one chat; a letter is a token. @returns it, and what the engine was given */
function planning(said: readonly Said[], overflow: OverflowPolicy) {
  const path = said.map(({ length, role, inclusion }, index) => ({
    ...{ id: `m${index}`, parentId: index === 0 ? null : `m${index - 1}`, role, inclusion },
    ...{ text: 'a'.repeat(length), attachments: [] },
  })) as unknown as PathMessage[];
  const chat = {
    ...{ overflow, startReplyWith: '', level: emptyLevel },
    ...{ characterId: null, personaId: null, mode: 'instruct' },
  } as Thread['chat'];
  const given: ChatPrompt[] = [];
  const planner = new Planner({
    db: {
      openThread: async (_chatId, count = path.length) => {
        const messages = path.slice(-count);
        return { chat, messages, after: messages[0]?.parentId ?? null, isEnd: true };
      },
      outlineOf: async () => path.map(({ id, role, inclusion }) => ({ id, role, inclusion })),
      attachmentsOf: async () => [],
      cardOf: async () => null,
      personaOf: async () => null,
    },
    engine: {
      planPrompt: async (prompt) => {
        given.push(prompt);
        const budget = {
          policy: prompt.policy ?? 'drop-oldest',
          limit,
          estimate: (text: string) => text.length,
        };
        const { tokens, leftOut, overTokens } = fitToContext(prompt.messages, budget, (sent) =>
          sent.map(({ text }) => text).join(''),
        );
        return {
          ...{ promptTokens: tokens.length, reserveTokens: 0, contextSize: limit },
          ...{ leftOut: [...leftOut], overTokens },
        };
      },
    },
    loader: { status: { state: 'ready' } as never, ensureLoaded: async () => undefined },
    inForce: async () => ({ sampling: defaultSampling(), systemPrompt: 'Be kind.' }),
  });
  return { planner, given };
}

/** As it would be if all of the chat were read: a chat is read as a whole where it stops, so that is told as another. */
async function planOfAll(said: readonly Said[], overflow: OverflowPolicy, draft: string) {
  const { planner, given } = planning(said, 'stop');
  await planner.next('chat', draft);
  const [prompt] = given;
  const budget = { policy: overflow, limit, estimate: (text: string) => text.length };
  const fitted = fitToContext(prompt!.messages, budget, (sent) => sent.map(({ text }) => text).join(''));
  const reasons = said.flatMap((_, index) => {
    const reason = fitted.leftOut[index + 1];
    return reason == null ? [] : [[`m${index}`, reason] as const];
  });
  return {
    ...{ promptTokens: fitted.tokens.length, reserveTokens: 0, contextSize: limit },
    ...{ overTokens: fitted.overTokens, leftOut: Object.fromEntries(reasons) },
  };
}

test('whatever was said and marked, the plan is that of the whole chat', async () => {
  const said = fc.record({
    length: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 60 })),
    role: fc.constantFrom('user' as const, 'assistant' as const),
    inclusion: fc.oneof(
      { weight: 12, arbitrary: fc.constant('auto' as const) },
      fc.constantFrom('pinned' as const, 'left-out' as const),
    ),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(said, { minLength: 0, maxLength: 600, size: 'max' }),
      fc.constantFrom('drop-oldest' as const, 'keep-pinned' as const, 'stop' as const),
      fc.integer({ min: 0, max: 500 }),
      async (messages, overflow, draft) => {
        const text = 'd'.repeat(draft);
        const { planner } = planning(messages, overflow);
        expect(await planner.next('chat', text)).toEqual(await planOfAll(messages, overflow, text));
      },
    ),
    { numRuns: 150 },
  );
});

test('of a long chat, as many messages are read as may fit, however long it is', async () => {
  for (const length of [1000, 10_000]) {
    const said = Array.from({ length }, (_, index) => ({
      ...{ length: 10, role: index % 2 === 0 ? ('user' as const) : ('assistant' as const) },
      inclusion: 'auto' as const,
    }));
    const { planner, given } = planning(said, 'drop-oldest');
    const plan = await planner.next('chat', 'and now?');
    expect(given.map(({ messages }) => messages.length)).toEqual([102]);
    expect(Object.keys(plan!.leftOut)).toHaveLength(length - 38);
  }
});
