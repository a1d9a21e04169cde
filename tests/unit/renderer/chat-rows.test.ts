/** The rows of the sidebar, and the order they come in. */
import { describe, expect, test } from 'vitest';
import type { Chat } from '../../../preload/contract/chats.js';
import { emptyLevel } from '../../../preload/contract/levels.js';
import { inOrder, withChange } from '../../../renderer/lib/chat-order.js';
import {
  placeOf,
  rangeOf,
  rowsOf,
  samePlace,
  shownRows,
  tagsOf,
  type RowsView,
} from '../../../renderer/lib/chat-rows.js';

const chat = (id: string, values: Partial<Chat> = {}): Chat => ({
  ...{ id, title: id, createdAt: 1, updatedAt: 1, overflow: 'drop-oldest', startReplyWith: '' },
  ...{ folderId: null, pinnedAt: null, archivedAt: null, tags: [], level: emptyLevel },
  ...{ characterId: null, personaId: null, mode: 'instruct', chatCommand: '', ...values },
});
const work = { id: 'work', name: 'Work' };
const home = { id: 'home', name: 'Home' };
const view = (values: Partial<RowsView> = {}): RowsView => ({
  ...{ folders: [], closedFolders: [], archiveIsOpen: false, tag: null, ...values },
});
const keys = (chats: readonly Chat[], values: Partial<RowsView> = {}) =>
  rowsOf(chats, view(values)).map(({ key }) => key);

describe('rows', () => {
  test('a list without folders, pins and archive is only chats', () => {
    expect(keys([chat('a'), chat('b')])).toEqual(['a', 'b']);
    expect(keys([])).toEqual([]);
  });

  test('pins come first, then folders with what is in them, then the rest, then the archive', () => {
    const chats = [
      chat('a'),
      chat('b', { folderId: 'work' }),
      chat('c', { pinnedAt: 1, folderId: 'work' }),
      chat('d', { archivedAt: 1, pinnedAt: 1 }),
    ];
    const all = ['pinned', 'c', 'work', 'b', 'home', 'home empty', 'rest', 'a', 'archive'];
    expect(keys(chats, { folders: [work, home] })).toEqual(all);
    expect(keys(chats, { folders: [work], closedFolders: ['work'], archiveIsOpen: true })).toEqual([
      ...['pinned', 'c', 'work', 'rest', 'a', 'archive', 'd'],
    ]);
  });

  test('a chat whose folder is not known is among the rest', () => {
    expect(keys([chat('a', { folderId: 'gone' })])).toEqual(['a']);
  });

  test('a tag shows its chats wherever they lie, but those in the archive', () => {
    const chats = [
      chat('a', { tags: ['wool'], folderId: 'work' }),
      chat('b'),
      chat('c', { tags: ['andes', 'wool'], pinnedAt: 1 }),
      chat('d', { tags: ['wool'], archivedAt: 1 }),
    ];
    expect(keys(chats, { tag: 'wool', folders: [work] })).toEqual(['a', 'c']);
    expect(keys(chats, { tag: 'gone' })).toEqual(['no-tag']);
    expect(tagsOf(chats)).toEqual(['andes', 'wool']);
  });

  test('what is dropped on a row goes where that row is', () => {
    const chats = [
      chat('a'),
      chat('b', { folderId: 'work' }),
      chat('c', { pinnedAt: 1, folderId: 'work' }),
      chat('d', { archivedAt: 1 }),
    ];
    const rows = rowsOf(chats, view({ folders: [work, home], archiveIsOpen: true }));
    const places = Object.fromEntries(rows.map((row) => [row.key, placeOf(row)]));
    expect(places).toEqual({
      ...{ pinned: 'pins', c: 'pins', archive: 'archive', d: 'archive' },
      ...{ work: { folderId: 'work' }, b: { folderId: 'work' } },
      ...{ home: { folderId: 'home' }, 'home empty': { folderId: 'home' } },
      ...{ rest: { folderId: null }, a: { folderId: null } },
    });
    expect(samePlace(places['work']!, places['b']!)).toBe(true);
    expect(samePlace(places['rest']!, places['work']!)).toBe(false);
    expect(samePlace(places['rest']!, places['archive']!)).toBe(false);
  });

  test('a range holds the chats between two, in either direction', () => {
    const chats = [chat('a'), chat('b', { folderId: 'work' }), chat('c')];
    const rows = rowsOf(chats, view({ folders: [work] }));
    expect(rangeOf(rows, 'c', 'b')).toEqual(['b', 'a', 'c']);
    expect(rangeOf(rows, 'gone', 'c')).toEqual(['c']);
  });
});

describe('order', () => {
  const chats = [
    chat('1', { title: 'Chat 10', createdAt: 3, updatedAt: 1 }),
    chat('2', { title: 'chat 9', createdAt: 2, updatedAt: 3 }),
    chat('3', { title: 'Alpaca', createdAt: 2, updatedAt: 2 }),
  ];
  const ids = (list: readonly Chat[]) => list.map(({ id }) => id).join('');

  test('by last use, by age, or by title as people sort', () => {
    expect(ids(inOrder(chats, 'used'))).toBe('231');
    expect(ids(inOrder(chats, 'created'))).toBe('132');
    expect(ids(inOrder(chats, 'title'))).toBe('321');
  });

  test('a change replaces, adds and removes', () => {
    const changed = withChange(
      inOrder(chats, 'used'),
      { upserted: [chat('1', { updatedAt: 9 }), chat('4', { updatedAt: 5 })], removed: ['3', 'gone'] },
      'used',
    );
    expect(ids(changed)).toBe('142');
  });

  test('a change of one chat of ten thousand compares each about once', () => {
    let compared = 0;
    const counted = (id: number): Chat =>
      Object.defineProperty(chat(String(id)), 'updatedAt', { get: () => (compared++, id) });
    const many = Array.from({ length: 10_000 }, (_, index) => counted(10_000 - index));
    withChange(many, { upserted: [counted(20_000)], removed: [] }, 'used');
    expect(compared).toBeLessThan(3 * 10_000);
  });
});

test('a window of rows has a bounded number of them, wherever it stands', () => {
  for (const scrollTop of [0, 36 * 5000, 36 * 10_000, -50, 1e9]) {
    const { from, to } = shownRows(10_000, 36, { scrollTop, height: 720 });
    expect(to - from).toBeLessThanOrEqual(20 + 2 * 8 + 1);
    expect(from).toBeGreaterThanOrEqual(0);
    expect(to).toBeLessThanOrEqual(10_000);
  }
  expect(shownRows(3, 36, { scrollTop: 0, height: 720 })).toEqual({ from: 0, to: 3 });
});
