/** What a search finds, in a real database with the real index. */
import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';
import { makeSearchIndex } from '../../../../main/db/search-index.js';
import { makeFinder, type Finder } from '../../../../main/search/find.js';
import { cardSchema } from '../../../../preload/contract/characters.js';

let db: Database;
let queries: Queries;
let finder: Finder;
let index: ReturnType<typeof makeSearchIndex>;
beforeEach(() => {
  db = openDatabase(':memory:');
  queries = makeQueries(db);
  index = makeSearchIndex(db);
  finder = makeFinder(db);
});
afterEach(() => db.close());

const indexAll = () => {
  while (index.step());
};
const say = (
  chatId: string,
  text: string,
  more: { role?: 'user' | 'assistant'; model?: string; parentId?: string } = {},
) =>
  queries.addMessage({
    chatId,
    parentId: more.parentId ?? null,
    role: more.role ?? 'user',
    text,
    model: more.model ?? null,
  });
const chat = (...texts: string[]) => {
  const { id } = queries.createChat();
  for (const text of texts) say(id, text);
  return id;
};
const find = (query: string) => {
  indexAll();
  return finder.find({ query, from: null }).chats;
};
const marked = (query: string) =>
  find(query).flatMap(({ hits }) =>
    hits.map(({ snippet }) => snippet.map(({ text, isMatch }) => (isMatch ? `[${text}]` : text)).join('')),
  );

describe('words', () => {
  test.each([
    ['Which llamas spit?', 'llam', 'Which [llamas] spit?'],
    ['A café in Perú', 'CAFE peru', 'A [café] in [Perú]'],
    ['Größe über alles', 'grosse', null],
    ['call my_var_name now', 'my_var', 'call [my_var]_name now'],
    ['call my_var_name now', 'my_va', 'call [my_var]_name now'],
    ['call my_var_name now', 'var_name', 'call my_[var_name] now'],
    ['see foo->bar(x)', 'foo->bar', 'see [foo->bar](x)'],
    ['written in C++ today', 'C++', 'written in [C]++ today'],
    ['a -> b', '->', 'a [->] b'],
    ['羊驼会吐口水吗', '口水', '羊驼会吐[口水]吗'],
    ['ラーメンを食べる', 'メン', 'ラー[メン]を食べる'],
    ['ตัวลามะกินหญ้า', 'ลามะ', 'ตัว[ลามะ]กินหญ้า'],
    ['하늘은 왜 파랗지', '하늘', '[하늘은] 왜 파랗지'],
    ['нравятся ламы', 'лам', 'нравятся [ламы]'],
    ['good 🦙 boy', '🦙', 'good [🦙] boy'],
    ['to be or not to be', '"be or not"', 'to [be or not] to be'],
    ['to be or not to be', '"be not"', null],
    ['llamas', 'llama ', null],
    ['llamas and alpacas', 'llamas -alpacas', null],
    ['llamas and alpacas', '-guanaco', 'llamas and alpacas'],
    ['llamas and alpacas', '-llamas', null],
  ])('%j is looked for by %j', (text, query, expected) => {
    chat(text);
    expect(marked(query)).toEqual(expected === null ? [] : [expected]);
  });

  test('what is typed is found literally, whatever else it means', () => {
    const plain = fc.stringMatching(
      /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Han}0-9 "'():*^.,;_+<>=-]{1,40}$/u,
    );
    fc.assert(
      fc.property(plain, (text) => {
        db.exec('UPDATE chats SET leaf_id = NULL; DELETE FROM messages');
        const phrase = text.replaceAll('"', ' ').trim();
        fc.pre(phrase !== '' && !phrase.startsWith('-'));
        chat(`before ${phrase} after`);
        expect(find(`"${phrase}"`).length, phrase).toBe(1);
        expect(find(`"${phrase}`).length, phrase).toBe(1);
      }),
      { numRuns: 200 },
    );
  });

  test('no query fails', () => {
    chat('llama');
    const pieces = [
      '-',
      '"',
      ':',
      '*',
      '^',
      '(',
      ')',
      '{',
      '\\',
      ' ',
      'a',
      'llama',
      'AND ',
      'NEAR',
      'NOT ',
      '\0',
      '🦙',
    ];
    const keys = ['role:', 'is:', 'in:', 'tag:', 'model:', 'after:2024', 'before:', '-role:user'];
    const typed = fc.array(fc.constantFrom(...pieces, ...keys)).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(typed, fc.string({ unit: 'binary' })), (query) => {
        finder.find({ query, from: null });
      }),
      { numRuns: 500 },
    );
  });
});

describe('the place of a find', () => {
  test('messages of other branches are found, and titles', () => {
    const { id } = queries.createChat();
    const asked = say(id, 'Who spits?');
    const first = say(id, 'The guanaco.', { role: 'assistant', parentId: asked.id });
    say(id, 'The llama.', { role: 'assistant', parentId: asked.id });
    queries.renameChat(id, 'Spitting animals');
    expect(find('guanaco')[0]?.hits.map(({ messageId }) => messageId)).toEqual([first.id]);
    expect(find('animals')).toMatchObject([
      {
        chatId: id,
        hits: [],
        title: [
          { text: 'Spitting ', isMatch: false },
          { text: 'animals', isMatch: true },
        ],
      },
    ]);
  });

  test('deleted chats are not found, until they are restored', () => {
    const gone = chat('a deleted llama');
    const kept = chat('a llama that stays');
    queries.removeChats([gone]);
    expect(find('llama').map(({ chatId }) => chatId)).toEqual([kept]);
    expect(find('deleted')).toEqual([]);
    queries.undo({ stepId: null, busyChatIds: [] });
    expect(find('llama').length).toBe(2);
  });

  test('a long text is shown around its first match', () => {
    chat(`${'grass '.repeat(3000)}and at last a quokka\n\n  among the ${'llamas '.repeat(3000)}`);
    const [snippet] = marked('quokka');
    expect(snippet).toMatch(/^… (grass )+and at last a \[quokka\] among the (llamas )+…$/);
    expect(snippet!.length).toBeLessThan(240);
  });
});

describe('filters', () => {
  beforeEach(() => {
    const work = chat('llama one');
    say(work, 'llama two', { role: 'assistant', model: 'Vicuna 7B' });
    const archived = chat('llama three');
    say(archived, 'llama four', { role: 'assistant', model: 'TinyLlama' });
    db.exec(`INSERT INTO folders (id, name, position) VALUES ('f', 'Über Arbeit', 1)`);
    db.prepare(`UPDATE chats SET folder_id = 'f' WHERE id = ?`).run(work);
    db.prepare('UPDATE chats SET archived_at = 1 WHERE id = ?').run(archived);
    db.prepare(`INSERT INTO chat_tags (chat_id, tag) VALUES (?, 'todo')`).run(archived);
    const card = cardSchema.parse({ name: 'Quilla the weaver' });
    const { id } = queries.createCharacter({ card, beside: {}, picture: null });
    queries.createCharacter({ card: { ...card, name: 'Lou' }, beside: {}, picture: null });
    db.prepare('UPDATE chats SET character_id = ? WHERE id = ?').run(id, work);
    db.exec(`UPDATE messages SET created_at = unixepoch('2024-01-15 12:00') * 1000 WHERE text LIKE '%three'`);
  });

  test.each([
    ['llama role:user', ['one', 'three']],
    ['llama -role:user', ['four', 'two']],
    ['llama model:vicuna', ['two']],
    ['llama model:vic model:tiny', ['four', 'two']],
    ['llama -model:vicuna', ['four', 'one', 'three']],
    ['llama in:über', ['one', 'two']],
    ['llama in:"uber arbeit"', ['one', 'two']],
    ['llama -in:uber', ['four', 'three']],
    ['llama tag:todo', ['four', 'three']],
    ['llama character:WEAVER', ['one', 'two']],
    ['llama character:lou', []],
    ['llama -character:quilla', ['four', 'three']],
    ['llama is:archived', ['four', 'three']],
    ['llama -is:archived', ['one', 'two']],
    ['llama before:2024-02', ['three']],
    ['llama after:2024-01-15 before:2024-01-16', ['three']],
    ['llama after:2024-01-16', ['four', 'one', 'two']],
    ['role:user', ['one', 'three']],
    ['in:uber -two', ['one']],
    ['in:nowhere', []],
  ])('%s', (query, expected) => {
    const found = find(query).flatMap(({ hits }) =>
      hits.map(({ snippet }) => snippet.map(({ text }) => text).join('')),
    );
    expect(found.map((text) => text.split(' ').at(-1)).sort()).toEqual(expected);
  });

  test('say of titles only what titles have', () => {
    expect(find('llama is:archived')[0]?.title.some(({ isMatch }) => isMatch)).toBe(true);
    const titles = () => find('role:assistant three').length;
    expect(titles()).toBe(0);
    expect(find('three is:archived').length).toBe(1);
  });
});

describe('the order', () => {
  const order = (query: string) => find(query).map(({ chatId }) => chatId);

  test('the more of the words and the less of others, the better', () => {
    const little = chat(`${'other words '.repeat(40)} llama`);
    const much = chat(`llama llama llama ${'other words '.repeat(3)}`);
    db.exec(`UPDATE chats SET title = 'x'`);
    expect(order('llama')).toEqual([much, little]);
  });

  test('a rare word weighs more than a common one', () => {
    const rare = chat('quokka quokka quokka and the llama');
    const common = chat('quokka and the llama llama llama');
    for (let n = 0; n < 30; n++) chat('another llama here');
    db.exec(`UPDATE chats SET title = 'x'`);
    expect(order('quokka llama')).toEqual([rare, common]);
  });

  test('a title comes before a message, a verbatim text before scattered words', () => {
    const scattered = chat('the sky is wide, and the sea is deep blue');
    const verbatim = chat('behold the blue sky above, wide and deep it is');
    const titled = chat('something else');
    db.exec(`UPDATE chats SET title = 'x'`);
    queries.renameChat(titled, 'A blue sky');
    expect(order('blue sky')).toEqual([titled, verbatim, scattered]);
  });

  test('of two alike the newer one comes first', () => {
    const old = chat('llama');
    const fresh = chat('llama');
    db.exec(`UPDATE chats SET title = 'x'`);
    db.prepare('UPDATE messages SET created_at = created_at - 1e10 WHERE chat_id = ?').run(fresh);
    expect(order('llama')).toEqual([old, fresh]);
  });
});

describe('the time of an answer', () => {
  test('is bounded: what is older comes with the next answers, each once', () => {
    const ids = new Set<string>();
    for (let n = 0; n < 60; n++) ids.add(chat(`llama ${n}`));
    indexAll();
    let clock = 0;
    const slow = makeFinder(db, () => (clock += 2));
    const found: string[] = [];
    let answers = 0;
    for (let from: number | null = null; answers === 0 || from !== null; answers++) {
      const page = slow.find({ query: 'llama -nothing', from });
      found.push(...page.chats.flatMap(({ hits }) => hits.map(({ messageId }) => messageId)));
      from = page.next;
    }
    expect(found.length).toBe(60);
    expect(new Set(found).size).toBe(60);
    expect(answers).toBeGreaterThan(4);
  });

  test('a million of matches cost as many rows as are ranked', () => {
    const { id } = queries.createChat();
    const insert = db.prepare(
      `INSERT INTO messages (id, chat_id, role, text, created_at) VALUES (?, ?, 'user', ?, ?)`,
    );
    db.transaction(() => {
      for (let n = 0; n < 3000; n++) insert.run(`m${n}`, id, `the word ${n}`, n);
    })();
    indexAll();
    const page = finder.find({ query: 'the ', from: null });
    expect(page.chats[0]!.hits.length).toBe(500);
    expect(page.next).toBe(2500);
    expect(
      finder
        .find({ query: 'the ', from: 2500 })
        .chats[0]!.hits.some(({ messageId }) => messageId === 'm2499'),
    ).toBe(true);
  });
});

test('says how far the index is', () => {
  for (let n = 0; n < 100; n++) chat(`llama ${n}`);
  index.step();
  const page = finder.find({ query: 'llama', from: null });
  expect(page.indexing).toMatchObject({ total: 100 });
  expect(page.indexing!.done).toBeLessThan(100);
  indexAll();
  expect(finder.find({ query: 'llama', from: null }).indexing).toBeNull();
});
