/** What is kept of attachments until their message is sent. */
import { beforeEach, expect, test } from 'vitest';
import { DraftAttachments } from '../../../../main/attachments/drafts.js';
import { details } from '../../../../main/attachments/extracted.js';
import type { Reader } from '../../../../main/attachments/reading.js';
import type { DraftFile } from '../../../../main/db/drafts.js';
import type { AttachmentWithText } from '../../../../preload/contract/attachments.js';
import { AppError } from '../../../../preload/contract/errors.js';

const read: Reader = async (_task, { onProgress }) => {
  onProgress(0.5);
  const text = 'one\ftwo\fthree';
  return { name: 'a.pdf', sizeBytes: 9, extracted: { kind: 'pdf', text, details: details({ pages: 3 }) } };
};
const file = { kind: 'file', path: '/a.pdf' } as const;

/** What a database keeps of the drafts. */
let saved: DraftFile[] = [];
beforeEach(() => (saved = []));
const db = {
  listDraftFiles: async () => saved,
  saveDraftFiles: async (chatId: string | null, files: readonly AttachmentWithText[]) => {
    saved = [
      ...saved.filter((each) => each.chatId !== chatId),
      ...files.map((one) => ({ chatId, file: one })),
    ];
  },
};

test('a file is kept without its text crossing to the page', async () => {
  const progress: unknown[] = [];
  const drafts = new DraftAttachments({ db, read, onProgress: (...told) => void progress.push(told) });
  expect(await drafts.add('x', file)).toEqual({
    ...{ id: 'x', name: 'a.pdf', kind: 'pdf', sizeBytes: 9, characters: 13 },
    ...{ details: details({ pages: 3 }), part: { kind: 'all' } },
  });
  expect(progress).toEqual([['x', 0.5]]);
  expect(drafts.all(['x'])[0]!.text).toBe('one\ftwo\fthree');
});

test('a removed one comes back; one that was sent is gone', async () => {
  const drafts = new DraftAttachments({ db, read, onProgress: () => undefined });
  await drafts.add('x', file);
  drafts.remove('x');
  expect(() => drafts.all(['x'])).toThrow('is gone');
  expect(drafts.restore('x').id).toBe('x');
  drafts.forget(['x']);
  expect(drafts.find('x')).toBeUndefined();
  expect(() => drafts.restore('x')).toThrow(AppError);
});

test('removing one that is being read ends the reading', async () => {
  const waits: Reader = (_task, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('ended'))));
  const drafts = new DraftAttachments({ db, read: waits, onProgress: () => undefined });
  const adding = drafts.add('x', file);
  drafts.remove('x');
  await expect(adding).rejects.toThrow('ended');
  expect(drafts.find('x')).toBeUndefined();
});

test('only pages that there are can be chosen', async () => {
  const drafts = new DraftAttachments({ db, read, onProgress: () => undefined });
  await drafts.add('x', file);
  expect(drafts.setPart('x', { kind: 'pages', from: 2, to: 3 }).part).toEqual({
    kind: 'pages',
    from: 2,
    to: 3,
  });
  for (const [from, to] of [
    [3, 2],
    [1, 4],
  ] as const) {
    expect(() => drafts.setPart('x', { kind: 'pages', from, to })).toThrow('no such pages');
  }
  expect(drafts.find('x')!.part).toEqual({ kind: 'pages', from: 2, to: 3 });
  await drafts.add('y', { kind: 'pasted', name: 'Pasted text', text: 'a\r\nb' });
  expect(drafts.find('y')).toMatchObject({ text: 'a\nb', kind: 'pasted', sizeBytes: 3 });
  expect(() => drafts.setPart('y', { kind: 'pages', from: 1, to: 1 })).toThrow('no such pages');
});

test('what was saved is there after a restart, with its text and its part', async () => {
  const drafts = new DraftAttachments({ db, read, onProgress: () => undefined });
  await drafts.add('x', file);
  await drafts.add('y', { kind: 'pasted', name: 'Pasted text', text: 'a\r\nb' });
  drafts.setPart('x', { kind: 'pages', from: 2, to: 2 });
  await drafts.save('chat', ['y', 'x', 'unknown']);

  const later = new DraftAttachments({ db, read, onProgress: () => undefined });
  expect((await later.load()).map(({ chatId, attachment }) => [chatId, attachment.name])).toEqual([
    ['chat', 'Pasted text'],
    ['chat', 'a.pdf'],
  ]);
  expect(later.all(['x'])[0]).toMatchObject({
    part: { kind: 'pages', from: 2, to: 2 },
    text: 'one\ftwo\fthree',
  });
  expect(later.pastedText('y')).toBe('a\nb');
  expect(() => later.pastedText('x')).toThrow(AppError);
});
