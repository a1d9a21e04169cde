/** Where a reply can go another way: its tokens' places, and the prompt that the model is asked with. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alternativesAt, forkPlaces, placesOf, type ForkRooms } from '../../../../main/chat/fork.js';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import type { ChatPrompt, Prompt } from '../../../../preload/contract/engine.js';
import { replyStatsSchema } from '../../../../preload/contract/chats.js';
import { defaultSampling, type Sampling } from '../../../../preload/contract/parameters.js';

test.each([
  ['words with their spaces', ['The', ' llama', ' hums'], 'The llama hums', [0, 3, 9]],
  ['a space that the vocabulary adds', [' The', ' llama'], 'The llama', [0, 3]],
  ['a start that the template trims', ['Hum', '.'], '\n Hum.', [2, 5]],
  ['letters in several tokens', ['I ', '🦙', '', '', '!'], 'I 🦙!', [0, 2, 4]],
  ['an end that the template leaves out', ['Hum'], 'Hum.  ', [0]],
  ['another text', ['Yes', ' no'], 'Yes, perhaps', [0]],
])('places of tokens: %s', (_name, tokens, text, places) => {
  expect(placesOf(tokens, text)).toEqual(places);
});

test('tokens that make up a text are all found, in their order', () => {
  const pieces = fc.array(fc.string({ minLength: 1, maxLength: 4, unit: 'grapheme' }), { minLength: 1 });
  fc.assert(
    fc.property(pieces, (tokens) => {
      const text = tokens.join('');
      const places = placesOf(tokens, text);
      expect(places.map((place, at) => text.slice(place, places[at + 1]))).toEqual(tokens);
    }),
  );
});

let queries: Queries;
let rooms: ForkRooms;
let close: () => void;
let asked: { prompt: Prompt; sampling: Sampling } | null;

beforeEach(() => {
  const db = openDatabase(':memory:');
  close = () => db.close();
  queries = makeQueries(db);
  asked = null;
  rooms = {
    db: new Proxy({} as ForkRooms['db'], {
      get:
        (_target, name) =>
        async (...args: unknown[]) =>
          (queries[name as keyof Queries] as (...input: unknown[]) => unknown)(...args),
    }),
    engine: {
      inspectPrompt: async ({ prompt }) =>
        ({
          tokens: prompt.messages.flatMap(({ role, text }) => [
            { id: 0, text: role, source: 'template', isMark: true },
            ...text.split(/(?= )/).map((word, id) => ({ id, text: word, source: role, isMark: false })),
          ]),
        }) as never,
      nextTokens: async (prompt, sampling) => {
        asked = { prompt, sampling };
        return { raw: [], sampled: [] };
      },
    },
    loader: { ensureLoaded: async () => undefined },
    turns: { take: (_ticket, work) => work() },
    inForce: async () => ({ sampling: { ...defaultSampling(), temperature: 2 }, systemPrompt: '' }),
  };
});
afterEach(() => close());

function talk(isMeasured: boolean) {
  const { id: chatId } = queries.createChat();
  const add = (role: 'user' | 'assistant', text: string, parentId: string | null) =>
    queries.addMessage({ chatId, parentId, role, text, model: null });
  const question = add('user', 'Who hums?', null);
  const reply = add('assistant', 'The llama hums.', question.id);
  if (isMeasured) {
    const stats = replyStatsSchema.parse({
      ...{ stopReason: 'end', promptTokens: 1, reusedTokens: 0, tokens: 1, tokensPerSecond: 1 },
      ...{
        timeToFirstTokenMs: 1,
        contextUsed: 1,
        contextSize: 9,
        omittedMessages: 0,
        seed: 7,
        template: 't',
      },
      origin: {
        ...{ sampling: { temperature: 0.3 }, model: { name: 'm', sizeBytes: 1, hash: 'h' } },
        ...{ engine: 'e', gpu: null, promptHash: 'p', batches: null },
      },
    });
    queries.saveReply({ messageId: reply.id, text: reply.text, stats, error: null });
  }
  add('user', 'And then?', reply.id);
  return { question, reply };
}
const turns = () => (asked?.prompt as ChatPrompt).messages.map(({ role, text }) => [role, text]);

test('the places are those of the reply alone, though more was said after it', async () => {
  const { reply } = talk(true);
  expect(await forkPlaces(rooms, reply.id)).toEqual([0, 3, 9]);
});

test('the model is asked with what it was given, and the settings of then', async () => {
  const { reply } = talk(true);
  await alternativesAt(rooms, reply.id, 9);
  expect(turns()).toEqual([
    ['user', 'Who hums?'],
    ['assistant', 'The llama'],
  ]);
  expect(asked?.sampling.temperature).toBe(0.3);
  await alternativesAt(rooms, reply.id, 0);
  expect(turns()).toEqual([['user', 'Who hums?']]);
});

test('where the settings of then are not known, those in force hold; only replies have other ways', async () => {
  const { question, reply } = talk(false);
  await alternativesAt(rooms, reply.id, 3);
  expect(asked?.sampling.temperature).toBe(2);
  await expect(forkPlaces(rooms, question.id)).rejects.toMatchObject({ code: 'bad-input' });
});
