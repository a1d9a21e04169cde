import { expect, test } from 'vitest';
import type { PathMessage } from '../../../preload/contract/chats.js';
import { isWhole, withStretch } from '../../../renderer/lib/path.js';

const message = (id: string, parentId: string | null, text = id): PathMessage => ({
  ...{ id, parentId, text, chatId: 'c', role: 'user', inclusion: 'auto', createdAt: 1, editedAt: null },
  ...{ model: null, stats: null, error: null, versionIds: [id], attachments: [] },
});
const a = message('a', null);
const b = message('b', 'a');
const c = message('c', 'b');
const d = message('d', 'c');
const known = [a, b, c];

const cases = [
  ['a new message at the end', { after: 'c', messages: [d], isEnd: true }, [a, b, c, d]],
  ['another version in the middle', { after: 'a', messages: [d], isEnd: true }, [a, d]],
  ['messages taken off the end', { after: 'a', messages: [], isEnd: true }, [a]],
  ['all of another path', { after: null, messages: [d], isEnd: true }, [d]],
  ['another branch, whose beginning is not known', { after: 'x', messages: [d], isEnd: true }, [d]],
  ['a change to a message that is not here', { after: 'x', messages: [d], isEnd: false }, known],
  ['a change to one that has gone', { after: 'a', messages: [d], isEnd: false }, known],
] as const;
test.each(cases)('%s', (_name, stretch, expected) => {
  expect(withStretch(known, { ...stretch, messages: [...stretch.messages] })).toEqual(expected);
});

test('a change in place leaves every other message the object that it was', () => {
  const edited = message('b', 'a', 'another text');
  const path = withStretch(known, { after: 'a', messages: [edited], isEnd: false });
  expect(path).toEqual([a, edited, c]);
  expect(path[0]).toBe(a);
  expect(path[2]).toBe(c);
});

test('a path is whole when its first message follows none', () => {
  expect(isWhole(known)).toBe(true);
  expect(isWhole([])).toBe(true);
  expect(isWhole([b, c])).toBe(false);
});
