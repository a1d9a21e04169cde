import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { findTerms, soughtTerm } from '../../../../main/search/matches.js';
import { bm25 } from '../../../../main/search/ranking.js';

test('BM25 is that of FTS5', () => {
  const db = new Sqlite(':memory:');
  db.exec(`CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='unicode61 remove_diacritics 2')`);
  const insert = db.prepare('INSERT INTO texts (text) VALUES (?)');
  // Of one length, so that characters measure texts as words do.
  const words = [
    'llama',
    'camel',
    'grass',
    'wools',
    'andes',
    ...Array.from({ length: 20 }, (_, n) => `wor${n + 10}`),
  ];
  let seed = 1;
  const random = (below: number) => (seed = (seed * 16807) % 2147483647) % below;
  const texts = Array.from({ length: 200 }, () =>
    Array.from({ length: 3 + random(30) }, () => words[random(words.length)]!),
  );
  for (const text of texts) insert.run(text.map((word) => `${word} `).join(''));
  const averageWords = texts.reduce((sum, { length }) => sum + length, 0) / texts.length;
  const sought = ['llama', 'wools'];
  const terms = sought.map((text) => soughtTerm({ text, isExcluded: false, isOpen: false }));
  // FTS5 takes another inverse document frequency: https://www.sqlite.org/fts5.html#the_bm25_function
  const rarity = sought.map((word) => {
    const found = texts.filter((text) => text.includes(word)).length;
    return Math.log((texts.length - found + 0.5) / (found + 0.5));
  });
  const rows = db
    .prepare<[], { text: string; score: number }>(
      `SELECT text, bm25(texts) AS score FROM texts WHERE texts MATCH 'llama AND wools'`,
    )
    .all();
  expect(rows.length).toBeGreaterThan(20);
  for (const { text, score } of rows) {
    expect(bm25(findTerms(text, terms), rarity, text.length / 6 / averageWords)).toBeCloseTo(-score, 9);
  }
  db.close();
});
