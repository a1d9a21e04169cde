/** Requests against real servers on loopback: ranges, redirects, whom a token is told, proxies, and failures by name. */
import { createServer, connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { Http, readAll, type HttpOptions } from '../../../../main/net/http.js';
import { FileServer, noise } from '../../../fixtures/file-server.js';
import { openGate, reason } from '../../../fixtures/gate.js';

const content = noise(100_000);
let server: FileServer;
let other: FileServer;
let http: Http;
let url: string;

beforeEach(async () => {
  server = await new FileServer().start();
  other = await new FileServer().start();
  http = new Http(openGate(), { connectMs: 2000, stallMs: 300 });
  url = server.put('a.gguf', content);
});
afterEach(async () => {
  await http.close();
  await server.close();
  await other.close();
});

const read = async (address: string, options: Partial<HttpOptions> = {}) =>
  readAll(await http.openOk(address, { ...reason, ...options }), 1_000_000);

test('reads a file, and a range of it', async () => {
  expect(await read(url)).toEqual(content);
  const answer = await http.open(url, { ...reason, range: { startByte: 10, endByte: 19 } });
  expect(answer.status).toBe(206);
  expect(answer.header('content-range')).toBe('bytes 10-19/100000');
  expect(await readAll(answer, 10)).toEqual(content.subarray(10, 20));
  expect(await read(url, { range: { startByte: 99_990, endByte: null } })).toEqual(content.subarray(99_990));
});

test('follows redirects with the range, and tells the token to its own origin only', async () => {
  other.put('far.gguf', content);
  server.behave = ({ path }) =>
    path === '/a.gguf' ? { redirect: '/b.gguf', status: 307 } : { redirect: `${other.origin}/far.gguf` };
  const credential = { origin: server.origin, token: 'secret' };
  const answer = await http.openOk(url, { ...reason, credential, range: { startByte: 5, endByte: 9 } });
  expect(await readAll(answer, 100)).toEqual(content.subarray(5, 10));
  expect(answer.url.href).toBe(`${other.origin}/far.gguf`);
  expect(server.asked.map(({ headers }) => headers['authorization'])).toEqual([
    'Bearer secret',
    'Bearer secret',
  ]);
  expect(other.asked.map(({ headers }) => headers['authorization'])).toEqual([undefined]);
});

test('a circle of redirects ends', async () => {
  server.behave = () => ({ redirect: '/a.gguf' });
  await expect(http.open(url, reason)).rejects.toMatchObject({
    code: 'network-failed',
    message: expect.stringContaining('circle'),
  });
  expect(server.asked).toHaveLength(11);
});

test.each(['file:///etc/passwd', 'ftp://a.b/c', 'no address'])('%s is refused', async (address) => {
  await expect(http.open(address, reason)).rejects.toMatchObject({ code: 'bad-input' });
  server.behave = () => ({ redirect: address === 'no address' ? 'http://' : address });
  await expect(http.open(url, reason)).rejects.toMatchObject({ code: 'network-failed' });
});

test('a status that is no success says what to do, and when to come again', async () => {
  server.behave = () => ({ status: 429, headers: { 'retry-after': '7' } });
  await expect(http.openOk(url, reason)).rejects.toMatchObject({
    ...{ code: 'server-refused', status: 429, retryAfterMs: 7000 },
    message: expect.stringContaining('too many requests'),
  });
  server.behave = () => ({ status: 404 });
  await expect(http.openOk(url, reason)).rejects.toMatchObject({ status: 404, retryAfterMs: null });
});

test('what signs a link stays out of errors', async () => {
  server.behave = () => ({ status: 403 });
  await expect(http.openOk(`${url}?signature=secret`, reason)).rejects.toSatisfy(
    (error) => !JSON.stringify(error).includes('secret'),
  );
});

test('a server that is not there, one that is silent, and one that stops are told apart', async () => {
  await expect(http.open('http://127.0.0.1:9/x', reason)).rejects.toMatchObject({
    message: '127.0.0.1:9 does not accept connections.',
  });
  server.behave = () => ({ wait: new Promise(() => undefined) });
  await expect(http.open(url, reason)).rejects.toMatchObject({
    code: 'network-failed',
    message: expect.stringContaining('does not answer'),
  });
  server.behave = () => ({ stallAfterBytes: 1000 });
  await expect(read(url)).rejects.toMatchObject({
    code: 'network-failed',
    message: expect.stringContaining('stopped sending'),
  });
  server.behave = () => ({ breakAfterBytes: 1000 });
  await expect(read(url)).rejects.toMatchObject({
    code: 'network-failed',
    message: expect.stringContaining('broke the connection'),
  });
});

test('a signal ends a request, before and after its answer', async () => {
  const stop = new AbortController();
  server.behave = () => ({ stallAfterBytes: 1000 });
  const answer = await http.open(url, { ...reason, signal: stop.signal });
  stop.abort();
  await expect(readAll(answer, 1_000_000)).rejects.toMatchObject({ code: 'cancelled' });
  await expect(http.open(url, { ...reason, signal: stop.signal })).rejects.toMatchObject({
    code: 'cancelled',
  });
});

test('JSON is checked, and nothing endless is kept', async () => {
  server.put('a.json', Buffer.from('{"name":"llama"}'));
  const schema = z.object({ name: z.string() });
  expect(await http.json(`${server.origin}/a.json`, schema, reason)).toEqual({ name: 'llama' });
  server.put('a.json', Buffer.from('<html>'));
  await expect(http.json(`${server.origin}/a.json`, schema, reason)).rejects.toMatchObject({
    code: 'server-refused',
  });
  await expect(http.openOk(url, reason).then((answer) => readAll(answer, 10))).rejects.toMatchObject({
    code: 'server-refused',
  });
});

test('goes through a proxy that is asked for the whole address', async () => {
  const proxied = new Http(openGate(async () => other.origin));
  other.put('a.gguf', content);
  expect(await readAll(await proxied.openOk('http://models.example/a.gguf', reason), 1_000_000)).toEqual(
    content,
  );
  expect(other.asked[0]).toMatchObject({ path: 'http://models.example/a.gguf' });
  await proxied.close();
});

test('goes to https through a tunnel', async () => {
  const tunnels: string[] = [];
  const proxy = createServer((socket) =>
    socket.once('data', (head) => {
      tunnels.push(head.toString().split('\r\n')[0]!);
      // What is at the other end does not speak TLS: it is enough that the way led there.
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket
        .pipe(connect(Number(new URL(server.origin).port), '127.0.0.1'))
        .on('error', () => undefined)
        .pipe(socket);
      socket.on('error', () => undefined);
    }),
  );
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const proxied = new Http(
    openGate(async () => `http://127.0.0.1:${(proxy.address() as { port: number }).port}`),
  );
  await expect(proxied.open('https://models.example/a.gguf', reason)).rejects.toMatchObject({
    code: 'network-failed',
  });
  expect(tunnels).toEqual(['CONNECT models.example:443 HTTP/1.1']);
  await proxied.close();
  proxy.close();
});
