/** The gate against real servers on loopback: each request is noted with its hops and its bytes, and none passes offline. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeGate, offlineError } from '../../../../main/net/gate.js';
import { Http, readAll } from '../../../../main/net/http.js';
import type { OutgoingRequest } from '../../../../preload/contract/network.js';
import { FileServer, noise } from '../../../fixtures/file-server.js';
import { reason } from '../../../fixtures/gate.js';

const content = noise(100_000);
let server: FileServer;
let http: Http;
let url: string;
let isOffline: boolean;
/** As they stand last, in the order in which they began. */
let noted: Map<string, OutgoingRequest>;

beforeEach(async () => {
  server = await new FileServer().start();
  isOffline = false;
  noted = new Map();
  const gate = makeGate(
    () => isOffline,
    async () => null,
    (request) => noted.set(request.id, request),
  );
  http = new Http(gate, { connectMs: 2000, stallMs: 300 });
  url = server.put('a.gguf', content);
});
afterEach(async () => {
  await http.close();
  await server.close();
});

const requests = () => [...noted.values()];
const host = () => new URL(server.origin).host;
const ended = () => expect.poll(() => requests().every(({ durationMs }) => durationMs !== null)).toBe(true);

test('a request is noted with what it was for, its bytes and its status, without what may be secret', async () => {
  await readAll(await http.open(`${url}?token=secret`, reason), 1_000_000);
  await ended();
  const [request] = requests();
  expect(request).toMatchObject({
    ...{ method: 'GET', host: host(), path: '/a.gguf', ...reason, status: 200, error: null },
    startedAtMs: expect.closeTo(Date.now(), -5),
  });
  expect(request!.receivedBytes).toBeGreaterThan(100_000);
  expect(request!.receivedBytes).toBeLessThan(101_000);
  expect(request!.sentBytes).toBeGreaterThan(60);
  expect(request!.sentBytes).toBeLessThan(300);
  expect(JSON.stringify(requests())).not.toContain('secret');
});

test('each hop of a redirect is a request of its own', async () => {
  server.put('b.gguf', content);
  server.behave = ({ path }) => (path === '/a.gguf' ? { redirect: '/b.gguf?signature=secret' } : {});
  await readAll(await http.open(url, reason), 1_000_000);
  await ended();
  expect(requests().map(({ path, status, error }) => [path, status, error])).toEqual([
    ['/a.gguf', 302, null],
    ['/b.gguf', 200, null],
  ]);
  expect(JSON.stringify(requests())).not.toContain('secret');
});

test('what failed says why, and what was left early counts what came', async () => {
  await expect(http.open('http://127.0.0.1:9/x', reason)).rejects.toThrow();
  server.behave = () => ({ breakAfterBytes: 1000 });
  await expect(readAll(await http.open(url, reason), 1_000_000)).rejects.toThrow();
  server.behave = () => ({ stallAfterBytes: 2000 });
  const left = await http.open(url, reason);
  left.body.on('error', () => undefined).destroy();
  await ended();
  expect(requests().map(({ status, error }) => [status, error])).toEqual([
    [null, '127.0.0.1:9 does not accept connections.'],
    [200, `${host()} broke the connection.`],
    [200, null],
  ]);
  expect(requests()[1]!.receivedBytes).toBeGreaterThan(1000);
});

test('offline nothing is asked, and what is open is broken off', async () => {
  server.behave = () => ({ stallAfterBytes: 1000 });
  const open = await http.open(url, reason);
  const brokenOff = expect(readAll(open, 1_000_000)).rejects.toMatchObject({
    ...{ code: 'offline', message: 'Altiplano went offline.' },
  });
  isOffline = true;
  await http.close(offlineError(null));
  await brokenOff;
  await expect(http.open(url, reason)).rejects.toMatchObject({
    code: 'offline',
    message: `Altiplano is offline, so ${host()} was not asked.`,
  });
  expect(server.asked).toHaveLength(1);
  expect(requests()).toMatchObject([{ status: 200, error: 'Altiplano went offline.' }]);

  isOffline = false;
  server.behave = () => ({});
  expect(await readAll(await http.open(url, reason), 1_000_000)).toEqual(content);
});

test('who goes offline just before a request goes out is heard', async () => {
  const asked = http.open(url, reason);
  isOffline = true;
  await http.close(offlineError(null));
  await expect(asked).rejects.toMatchObject({ code: 'offline' });
  expect(server.asked).toEqual([]);
});
