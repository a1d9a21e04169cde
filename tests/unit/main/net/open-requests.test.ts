/** What becomes of connections when the machine wakes: real servers on loopback, of which some are said to be far. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OpenRequests } from '../../../../main/net/open-requests.js';
import { networkError } from '../../../../main/net/errors.js';
import { Http, readAll } from '../../../../main/net/http.js';
import { offlineError } from '../../../../main/net/gate.js';
import { openGate, reason } from '../../../fixtures/gate.js';

let server: Server;
let url: string;
let sockets: Set<Socket>;
/** Answers that were begun and not ended. */
let begun: ServerResponse[];

beforeEach(async () => {
  [sockets, begun] = [new Set(), []];
  server = createServer((request, response) => {
    response.writeHead(200).write('a');
    if (request.url === '/whole') response.end('b');
    else begun.push(response);
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('new requests get new connections; what is open goes on, and can still be broken off', async () => {
  const http = new Http(openGate(), { connectMs: 2000, stallMs: 60_000 });
  const whole = async () => String(await readAll(await http.openOk(`${url}/whole`, reason), 100));
  const [goingOn, brokenOff] = [await http.openOk(url, reason), await http.openOk(url, reason)];
  expect(await whole()).toBe('ab');
  const connected = () => [...sockets].filter(({ destroyed }) => !destroyed).length;
  expect(connected()).toBe(3);

  http.woke();
  await expect.poll(connected).toBe(2);
  expect(await whole()).toBe('ab');
  begun[0]!.end('c');
  expect(String(await readAll(goingOn, 100))).toBe('ac');
  const offline = expect(readAll(brokenOff, 100)).rejects.toMatchObject({ code: 'offline' });
  await http.close(offlineError(null));
  await offline;
});

test('a far server that says nothing after the waking is given up; one that speaks, and this machine, are not', async () => {
  const requests = new OpenRequests();
  const agent = new Agent();
  const open = (address: string) => {
    const watched = agent.compose(requests.watching(new URL(address)));
    return watched.request({ origin: url, path: '/', method: 'GET' });
  };
  const texts = (await Promise.all(['http://far.example', 'http://10.0.0.5', url].map(open))).map(textOf);
  const [silent, speaking, here] = texts;
  await expect.poll(() => begun.length).toBe(3);

  requests.woke(200);
  const speech = setInterval(() => begun[1]!.write('.'), 20);
  await expect(silent).rejects.toSatisfy((thrown) => {
    const error = networkError(thrown, new URL('http://far.example'));
    return error.code === 'network-failed' && error.message.startsWith('far.example has said nothing since');
  });
  clearInterval(speech);
  // Also what begins after the waking is left alone.
  await delay(250);
  for (const response of begun.slice(1)) response.end('z');
  expect(await speaking).toMatch(/^a\.+z$/);
  expect(await here).toBe('az');
  await agent.close();
});

const textOf = ({ body }: Dispatcher.ResponseData) => body.text();
