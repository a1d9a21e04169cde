import { expect, test } from 'vitest';
import { startOf, withStart } from '../../../renderer/lib/impersonation.js';

test.each([
  ['I think ', ' so too.', 'I think so too.'],
  ['I thi', 'nk so.', 'I think so.'],
  ['Dear llama,\n\n', 'Hello!', 'Dear llama,\n\nHello!'],
  ['', ' Hello!', 'Hello!'],
  ['  ', ' Hello!', 'Hello!'],
])('%j and %j are %j', (draft, written, whole) => {
  expect(withStart(startOf(draft), written)).toBe(whole);
});
