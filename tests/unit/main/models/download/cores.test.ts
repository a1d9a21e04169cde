/** The plain rules of downloads: names, parts, the journal, waiting, the limit, room, and speed. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backOffMs } from '../../../../../main/models/download/back-off.js';
import {
  blockBytes,
  blockCount,
  blockLength,
  nextPart,
  partBlocks,
} from '../../../../../main/models/download/blocks.js';
import { formatBlock, formatHeader, parseJournal } from '../../../../../main/models/download/journal.js';
import { RateLimiter } from '../../../../../main/models/download/rate-limiter.js';
import { safeFileName } from '../../../../../main/models/download/safe-name.js';
import { keptFreeBytes, Space } from '../../../../../main/models/download/space.js';
import { Speed } from '../../../../../main/models/download/speed.js';

test.each([
  ['model.gguf', 'model.gguf'],
  ['../../etc/passwd', 'passwd'],
  ['/absolute/model.gguf', 'model.gguf'],
  ['C:\\Windows\\model.gguf', 'model.gguf'],
  ['a:b?.gguf', 'a_b_.gguf'],
  ['CON.gguf', '_CON.gguf'],
  ['com1', '_com1'],
  ['..', 'model.gguf'],
  ['', 'model.gguf'],
  ['.hidden.gguf', 'hidden.gguf'],
  ['model.gguf. .', 'model.gguf'],
  ['model.gguf.part', 'model.gguf'],
  ['gpj\u202effug.gguf', 'gpj_ffug.gguf'],
  [`${'é'.repeat(300)}-00001-of-00002.gguf`, `${'é'.repeat(90)}-00001-of-00002.gguf`],
])('%s is kept as %s', (name, safe) => {
  expect(safeFileName(name)).toBe(safe);
});

test('whatever a name is, it stays one plain name in its folder', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
      const safe = safeFileName(name);
      expect(safe).not.toMatch(/[\\/\0:]|^\.|\.part$/i);
      expect(safe.length).toBeGreaterThan(0);
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(201);
    }),
  );
});

test('parts cover a file once, in order, none longer than a part', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.func(fc.boolean()), (blocks, there) => {
      const open = new Set(
        Array.from({ length: blocks }, (_, index) => index).filter((index) => !there(index)),
      );
      let last = -1;
      for (let span; (span = nextPart(blocks, (index) => open.has(index))) !== null;) {
        expect(span.start).toBeGreaterThan(last);
        expect(span.end - span.start).toBeLessThanOrEqual(partBlocks);
        for (let index = span.start; index < span.end; index++) expect(open.delete(index)).toBe(true);
        last = span.end - 1;
      }
      expect(open.size).toBe(0);
    }),
  );
  expect(blockCount(blockBytes + 1)).toBe(2);
  expect(blockLength(1, blockBytes + 1)).toBe(1);
});

test('a journal tells what was written, as far as it was written', () => {
  const header = { version: 1, sizeBytes: 5_000_000, blockBytes, validator: '"x"' } as const;
  const text =
    formatHeader(header) + formatBlock(0, 0xabc) + formatBlock(3, 0xffffffff) + formatBlock(0, null);
  expect(parseJournal(text)).toEqual({ header, checksums: new Map([[3, 0xffffffff]]) });
  expect(parseJournal(`${text}2 0000`)?.checksums.size).toBe(1);
  for (const none of ['', '{}\n', '{"version":2}\n', formatHeader(header).slice(0, -1)])
    expect(parseJournal(none)).toBeNull();
});

test('waits grow up to a minute, and what the server asks for is kept', () => {
  expect([1, 2, 3, 10].map((failures) => backOffMs(failures, null, 1))).toEqual([1000, 2000, 4000, 60_000]);
  expect(backOffMs(1, null, 0)).toBe(500);
  expect(backOffMs(1, 30_000, 0)).toBe(30_000);
  expect(backOffMs(1, 1e9, 0)).toBe(3_600_000);
});

test('what comes is held to the limit, over all who take of it', () => {
  let now = 1000;
  const limiter = new RateLimiter(() => now);
  expect(limiter.take(1e9)).toBe(0);
  limiter.bytesPerSecond = 1e6;
  expect(limiter.take(100_000)).toBe(0);
  expect(limiter.take(500_000)).toBe(500);
  expect(limiter.take(500_000)).toBe(1000);
  now += 1000;
  expect(limiter.take(100_000)).toBe(100);
});

test('room is promised once', async () => {
  const space = new Space(async () => keptFreeBytes + 100);
  const [a, b] = [{}, {}];
  expect(await space.reserve(a, '/', 60)).toBeNull();
  expect(await space.reserve(b, '/', 60)).toBe(20);
  expect(await space.reserve(a, '/', 30)).toBeNull();
  expect(await space.reserve(b, '/', 60)).toBeNull();
  space.release(b);
  expect(await space.reserve(a, '/', 100)).toBeNull();
});

test('the speed is that of the last seconds', () => {
  const speed = new Speed();
  expect(speed.bytesPerSecond).toBe(0);
  for (let second = 0; second <= 20; second++)
    speed.note(second < 10 ? second * 100 : 1000 + (second - 10) * 10, second * 1000);
  expect(speed.bytesPerSecond).toBe(10);
  speed.note(0, 21_000);
  expect(speed.bytesPerSecond).toBe(0);
});
