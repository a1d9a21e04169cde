/** Downloads from a real server on loopback that misbehaves: what comes out is the whole right file, or a clear no. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BlockHashes } from '../../../../../main/models/download/block-hashes.js';
import { blockBytes, partBlocks } from '../../../../../main/models/download/blocks.js';
import { Naps } from '../../../../../main/models/download/naps.js';
import { RateLimiter } from '../../../../../main/models/download/rate-limiter.js';
import { keptFreeBytes, Space } from '../../../../../main/models/download/space.js';
import { Transfer } from '../../../../../main/models/download/transfer.js';
import { Http } from '../../../../../main/net/http.js';
import { FileServer, noise, type Asked, type Behaviour } from '../../../../fixtures/file-server.js';
import { openGate } from '../../../../fixtures/gate.js';

/** Two parts, and a last block that is not full. */
const content = noise((partBlocks + 2) * blockBytes + 12_345);
const small = content.subarray(0, 3 * blockBytes + 5);
const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let server: FileServer;
let http: Http;
let freeBytes: number;
let hashes: BlockHashes;
let url: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'download-'));
  server = await new FileServer().start();
  http = new Http(openGate(), { connectMs: 2000, stallMs: 300 });
  freeBytes = 1e12;
  hashes = new BlockHashes();
  naps = new Naps();
  url = server.put('a.gguf', content);
});
afterEach(async () => {
  await http.close();
  await server.close();
  rmSync(folder, { recursive: true });
});

const path = () => join(folder, 'models', 'a.gguf');
const delays: (number | null)[] = [];
const tries: number[] = [];
let naps: Naps;
const waits = () => new Space(async () => freeBytes);

function begin({ bytes = content, known = true, space = waits(), retryMs = 5 } = {}) {
  delays.length = 0;
  tries.length = 0;
  server.put('a.gguf', bytes);
  const promised = known
    ? { sizeBytes: bytes.length, sha256: sha(bytes) }
    : { sizeBytes: null, sha256: null };
  return new Transfer({ url, fileName: 'a.gguf', ...promised }, path(), {
    http,
    space,
    limiter: new RateLimiter(),
    askHashes: (request) => hashes.answer(request),
    credential: null,
    cause: 'A test',
    connections: 3,
    naps,
    retryDelayMs: (failures, askedMs) => {
      delays.push(askedMs);
      tries.push(failures);
      return retryMs;
    },
  });
}
const never = new AbortController().signal;
const files = () => readdirSync(join(folder, 'models')).sort();
/** How a request is answered the first time; afterwards all is well. */
const once = (first: ReturnType<FileServer['behave']>, matches: (asked: Asked) => boolean = () => true) => {
  let done = false;
  server.behave = (asked) => {
    if (done || !matches(asked)) return undefined;
    done = true;
    return first;
  };
};

async function arrives(transfer: Transfer, bytes = content) {
  expect(await transfer.run(never)).toEqual({ sizeBytes: bytes.length, sha256: sha(bytes) });
  expect(readFileSync(path()).equals(bytes)).toBe(true);
  expect(files()).toEqual(['a.gguf']);
}

test('a file comes by several requests at once and has its name only when it is whole', async () => {
  let seen: string[] = [];
  server.behave = ({ range }) => {
    if (range?.startByte !== 0 && existsSync(join(folder, 'models'))) seen = files();
    return undefined;
  };
  await arrives(begin());
  expect(seen).toEqual(['a.gguf.part', 'a.gguf.part.journal']);
  expect(server.asked.map(({ range }) => range?.startByte)).toEqual([0, partBlocks * blockBytes]);
  expect(server.sentBytes).toBe(content.length);
});

test('size and hash are told where nobody promised any', async () => {
  await arrives(begin({ known: false }));
});

test('a server that knows no ranges', async () => {
  server.behave = () => ({ ignoreRange: true });
  await arrives(begin());
  expect(server.asked).toHaveLength(1);
});

test('a server that knows no ranges, and breaks once', async () => {
  let requests = 0;
  server.behave = () => ({ ignoreRange: true, ...(requests++ === 0 ? { breakAfterBytes: 2_500_000 } : {}) });
  await arrives(begin({ bytes: small }), small);
  expect(requests).toBe(2);
});

test('a server that forgets ranges in the middle', async () => {
  server.behave = ({ range }) => (range?.startByte === 0 ? undefined : { ignoreRange: true });
  await arrives(begin());
});

test('a server that tells no length', async () => {
  let requests = 0;
  server.behave = () => ({
    ...{ ignoreRange: true, chunked: true },
    ...(requests++ === 0 ? { breakAfterBytes: 1_500_000 } : {}),
  });
  await arrives(begin({ bytes: small, known: false }), small);
  expect(requests).toBe(2);
});

test.each<[string, Behaviour, string]>([
  ['a connection that breaks', { breakAfterBytes: 2 * blockBytes + 10 }, 'broke the connection'],
  ['a server that stops sending', { stallAfterBytes: blockBytes + 10 }, 'stopped sending'],
  ['a body that ends too soon', { endAfterBytes: 1000 }, 'less than was asked'],
  ['too many requests', { status: 429, headers: { 'retry-after': '3' } }, '429'],
  ['a server in trouble', { status: 503 }, '503'],
])(
  '%s: the reason is said, and only what is missing is asked for again',
  async (_name, behaviour, reason) => {
    once(behaviour);
    const transfer = begin({ bytes: small });
    const notes = new Set<string | null>();
    const watch = setInterval(() => notes.add(transfer.note), 1);
    await arrives(transfer, small);
    clearInterval(watch);
    expect([...notes].join()).toContain(reason);
    expect(delays).toEqual([behaviour.status === 429 ? 3000 : null]);
    expect(server.sentBytes).toBeLessThan(small.length + blockBytes);
  },
);

test('the waking of the machine ends a long wait, and the count of failures before it', async () => {
  let broken = 2;
  server.behave = () => (broken-- > 0 ? { status: 503 } : undefined);
  const arriving = arrives(begin({ bytes: small, retryMs: 3_600_000 }), small);
  await expect.poll(() => tries).toEqual([1]);
  naps.wake();
  await expect.poll(() => tries).toEqual([1, 1]);
  naps.wake();
  await arriving;
  expect(delays).toEqual([null, null]);
});

test('a server that stays away from the start ends in a reason', async () => {
  server.behave = () => ({ status: 500 });
  await expect(begin().run(never)).rejects.toMatchObject({ code: 'server-refused', status: 500 });
  server.behave = () => ({ status: 404 });
  server.asked.length = 0;
  await expect(begin().run(never)).rejects.toMatchObject({ status: 404 });
  expect(server.asked).toHaveLength(1);
});

test('a signed link that runs out is made anew', async () => {
  const far = await new FileServer().start();
  far.put('signed', content);
  let refused = false;
  far.behave = ({ range }) => {
    if (range?.startByte === 0 || refused) return undefined;
    refused = true;
    return { status: 403 };
  };
  server.behave = () => ({ redirect: `${far.origin}/signed` });
  await arrives(begin());
  // The first part, and the one that had to be asked for again: the others go where the first one was led.
  expect(server.asked).toHaveLength(2);
  await far.close();
});

test('a file that changes on the server is fetched anew, and that is said', async () => {
  const other = noise(content.length, 7);
  const transfer = begin({ known: false });
  server.behave = ({ range }) => {
    if (range !== null && range.startByte > 0) server.put('a.gguf', other);
    return undefined;
  };
  await arrives(transfer, other);
  expect(transfer.note).toContain('changed on the server');
});

test('a file that never stays the same ends in a reason', async () => {
  let seed = 1;
  server.behave = ({ range }) => {
    if (range !== null && range.startByte > 0) server.put('a.gguf', noise(content.length, ++seed));
    return undefined;
  };
  await expect(begin({ known: false }).run(never)).rejects.toMatchObject({ code: 'download-damaged' });
});

test('a stopped download goes on where it was, and a bad block on the disk is fetched again alone', async () => {
  const stop = new AbortController();
  server.behave = ({ range }) => ({
    bytesPerSecond: 40e6,
    ...(range?.startByte === 0 ? {} : { stallAfterBytes: 0 }),
  });
  const transfer = begin();
  const run = transfer.run(stop.signal);
  await vi.waitUntil(() => transfer.receivedBytes > 8 * blockBytes);
  stop.abort();
  await expect(run).rejects.toMatchObject({ code: 'cancelled' });
  expect(files()).toEqual(['a.gguf.part', 'a.gguf.part.journal']);
  // What a power cut does: the journal knows of a block that the disk did not keep.
  const part = readFileSync(`${path()}.part`);
  part.fill(0, 2 * blockBytes, 3 * blockBytes);
  writeFileSync(`${path()}.part`, part);
  const before = server.sentBytes;
  server.behave = () => undefined;
  server.asked.length = 0;
  await arrives(begin());
  expect(server.sentBytes - before).toBeLessThan(content.length - 6 * blockBytes);
  expect(
    server.asked.some(
      ({ range }) => range?.startByte === 2 * blockBytes && range.endByte === 3 * blockBytes - 1,
    ),
  ).toBe(true);
});

test('a block that the disk loses while the file is fetched is fetched again alone', async () => {
  let spoiled = false;
  hashes.answer = async (request) => {
    const spoil = !spoiled && request.kind === 'blocks';
    spoiled ||= spoil;
    if (spoil) {
      // Only these bytes: others are written meanwhile.
      const part = openSync(`${path()}.part`, 'r+');
      writeSync(part, Buffer.alloc(100), 0, 100, 1000);
      closeSync(part);
    }
    return BlockHashes.prototype.answer.call(hashes, request);
  };
  await arrives(begin({ bytes: small }), small);
  expect(server.sentBytes).toBe(small.length + blockBytes);
});

test.each([
  ['a journal without its end', (journal: string) => truncateSync(journal, readFileSync(journal).length - 4)],
  ['no journal', (journal: string) => rmSync(journal)],
  ['a journal of something else', (journal: string) => writeFileSync(journal, 'llama\n1 2\n')],
])('%s costs time, not the file', async (_name, damage) => {
  const stop = new AbortController();
  server.behave = () => ({ stallAfterBytes: 2 * blockBytes });
  const transfer = begin({ bytes: small });
  const run = transfer.run(stop.signal);
  await vi.waitUntil(() => transfer.receivedBytes >= 2 * blockBytes);
  stop.abort();
  await expect(run).rejects.toMatchObject({ code: 'cancelled' });
  damage(`${path()}.part.journal`);
  server.behave = () => undefined;
  await arrives(begin({ bytes: small }), small);
});

test('a byte that was damaged on the way: its block alone is written again', async () => {
  once({ damageAtBytes: [blockBytes + 17] });
  await arrives(begin());
});

test('a file that is not the promised one never gets its name', async () => {
  const transfer = begin();
  server.put('a.gguf', noise(content.length, 5));
  await expect(transfer.run(never)).rejects.toMatchObject({
    code: 'download-damaged',
    message: expect.stringContaining('SHA-256'),
  });
  expect(files()).toEqual([]);
  const longer = begin();
  server.put('a.gguf', noise(content.length + 1, 5));
  await expect(longer.run(never)).rejects.toMatchObject({
    code: 'download-damaged',
    message: expect.stringContaining('promised'),
  });
});

test('an empty file is none', async () => {
  const empty = Buffer.alloc(0);
  server.behave = () => ({ ignoreRange: true });
  await expect(begin({ bytes: empty, known: false }).run(never)).rejects.toMatchObject({
    code: 'download-damaged',
  });
});

test('waits for room on the disk, before and in the middle, and goes on', async () => {
  freeBytes = keptFreeBytes + 1000;
  const transfer = begin({ bytes: small });
  const run = arrives(transfer, small);
  await vi.waitUntil(() => transfer.note?.includes('disk is full') === true);
  expect(transfer.isWaiting).toBe(true);
  expect(server.asked).toEqual([]);
  freeBytes = 1e12;
  await run;
});

test('what one download was promised is not promised to another', async () => {
  const space = waits();
  freeBytes = keptFreeBytes + content.length + 1000;
  const gate = new AbortController();
  const other = {};
  expect(await space.reserve(other, folder, content.length)).toBeNull();
  const transfer = begin({ space });
  const run = transfer.run(gate.signal);
  await vi.waitUntil(() => transfer.isWaiting);
  space.release(other);
  await expect(run).resolves.toMatchObject({ sizeBytes: content.length });
});

test('a file that is there already is never replaced', async () => {
  mkdirSync(join(folder, 'models'));
  writeFileSync(path(), 'mine');
  await expect(begin().run(never)).rejects.toMatchObject({ code: 'bad-input' });
  expect(readFileSync(path(), 'utf8')).toBe('mine');
  expect(server.asked).toEqual([]);
});

test('the wanted file that is there already is taken, once it is proven', async () => {
  mkdirSync(join(folder, 'models'));
  writeFileSync(path(), content);
  await arrives(begin());
  expect(server.asked).toEqual([]);
});

test('a models folder that can’t be used is named', async () => {
  writeFileSync(join(folder, 'models'), 'a file where the folder should be');
  await expect(begin().run(never)).rejects.toMatchObject({ code: 'folder-unusable' });
});

test('a models folder that vanishes is noticed, and nothing is made in its place', async () => {
  server.behave = () => ({ bytesPerSecond: 20e6 });
  const transfer = begin();
  const run = transfer.run(never);
  await vi.waitUntil(() => transfer.receivedBytes > blockBytes);
  rmSync(join(folder, 'models'), { recursive: true });
  await expect(run).rejects.toMatchObject({ code: 'folder-unusable' });
});
