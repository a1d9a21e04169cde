import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../../../main/db/open.js';
import { makeQueries, type Queries } from '../../../../main/db/queries.js';

let queries: Queries;
let close: () => void;

beforeEach(() => {
  const db = openDatabase(':memory:');
  close = () => db.close();
  queries = makeQueries(db);
});
afterEach(() => close());

const note = (text: string, name = '') => queries.createNote({ name, text, marks: false });
const back = () => queries.undo({ stepId: null, busyChatIds: [] }).label;

test('a note without a name goes by its first words; an empty one is not made twice', () => {
  expect(note('\n  The llama\nsat down.').firstWords).toBe('The llama');
  expect(note('## Wool\nof an alpaca').firstWords).toBe('Wool');
  const empty = note('');
  expect(note('').id).toBe(empty.id);
  queries.saveNote(empty.id, 'words');
  expect(note('').id).not.toBe(empty.id);
});

test('notes are found by names and texts, whatever the capitals, and nothing in a search is a pattern', () => {
  const [alpaca, llama] = [note('An Alpaca hums.'), note('It spits 100 %.', 'Llama')];
  const found = (matching: string) => queries.listNotes(matching).map(({ id }) => id);
  expect(found('ALPACA')).toEqual([alpaca.id]);
  expect(found('llama')).toEqual([llama.id]);
  expect(found('%')).toEqual([llama.id]);
  expect(found('_')).toEqual([]);
  expect(found('').sort()).toEqual([alpaca.id, llama.id].sort());
});

test('names and deletions can be taken back, and what was written since stays', () => {
  const { id } = note('first');
  queries.renameNote(id, 'A name');
  queries.saveNote(id, 'second');
  queries.removeNote(id);
  expect(() => queries.textOfNote(id)).toThrow('no longer exists');
  queries.saveNote(id, 'third');
  expect(back()).toBe('Delete note');
  expect(queries.textOfNote(id)).toBe('third');
  expect(back()).toBe('Rename note');
  expect(queries.listNotes('')).toMatchObject([{ id, name: '', firstWords: 'third' }]);
});
