import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { treeOrder } from '../../../../main/db/branches.js';

let queries: Queries;
let chatId: string;
beforeEach(() => {
  queries = makeQueries(openDatabase(':memory:'));
  chatId = queries.createChat().id;
});

const say = (parentId: string | null, text: string, role: 'user' | 'assistant' = 'assistant') =>
  queries.addMessage({ chatId, parentId, role, text, model: role === 'user' ? null : 'Llama' }).id;

test('all messages, a branch as a whole before the next one, with the active path', () => {
  const question = say(null, 'What do llamas eat?', 'user');
  const first = say(question, 'Grass.');
  const second = say(question, 'Hay.');
  const more = say(first, 'And else?', 'user');
  const tree = queries.tree(chatId);
  expect(tree.map(({ id, parentId, isOnPath }) => [id, parentId, isOnPath])).toEqual([
    [question, null, true],
    [first, question, true],
    [more, first, true],
    [second, question, false],
  ]);
  expect(tree[0]).toMatchObject({ role: 'user', start: 'What do llamas eat?', length: 19, model: null });
  queries.selectVersion(second);
  expect(queries.tree(chatId).map(({ isOnPath }) => isOnPath)).toEqual([true, false, false, true]);
});

test('what lies in the trash is in neither', () => {
  const question = say(null, 'A llama?', 'user');
  say(question, 'A llama.');
  const second = say(question, 'Yes, a llama.');
  queries.removeMessage(second, false);
  expect(queries.tree(chatId)).toHaveLength(2);
  expect(queries.findInChat(chatId, 'llama').map(({ messageId }) => messageId)).not.toContain(second);
});

test('first words are those that a reader sees, and few', () => {
  say(null, '<think>What could **he** mean?</think>\n\n**Grass**, and\nhay.');
  say(null, `${'wool '.repeat(100)}`);
  const [answer, long] = queries.tree(chatId);
  expect(answer!.start).toBe('Grass, and hay.');
  expect(long!.start).toMatch(/^(wool )+wool…$/);
  expect(long!.start.length).toBeLessThan(170);
  expect(long!.length).toBe(500);
});

test('finds on all branches what a reader sees', () => {
  const question = say(null, 'A **llama** for `llama`?', 'user');
  const first = say(question, '[A llama](https://llama.example), the **lla**ma');
  const second = say(question, 'The LLÁMA\nsleeps.');
  expect(queries.findInChat(chatId, 'llama')).toEqual([
    { messageId: question, count: 2, isOnPath: true },
    { messageId: first, count: 2, isOnPath: false },
    { messageId: second, count: 1, isOnPath: true },
  ]);
  expect(queries.findInChat(chatId, 'llama sleeps')).toEqual([
    { messageId: second, count: 1, isOnPath: true },
  ]);
  expect(queries.findInChat(chatId, '**llama')).toEqual([{ messageId: question, count: 1, isOnPath: true }]);
  expect(queries.findInChat(chatId, ' ')).toEqual([]);
});

test('whatever damaged records point at, each message is told once, after what it follows', () => {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const parents = fc.array(fc.constantFrom(...ids, 'gone', null), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(parents, (all) => {
      const rows = ids.map((id, at) => ({
        id,
        parent_id: all[at] ?? null,
        role: 'user',
        created_at: at % 3,
      }));
      const order = treeOrder(rows);
      expect(order.map(({ row }) => row.id).sort()).toEqual(ids);
      const told = new Set<string>();
      for (const { row, parentId } of order) {
        if (parentId !== null) expect(told.has(parentId)).toBe(true);
        told.add(row.id);
      }
    }),
  );
});

test('a branch of any depth is told', () => {
  let parent: string | null = null;
  const rows = Array.from({ length: 50_000 }, (_, at) => {
    const row = { id: String(at), parent_id: parent, role: 'user', created_at: at };
    parent = row.id;
    return row;
  });
  expect(treeOrder(rows).at(-1)).toMatchObject({ parentId: '49998' });
});
