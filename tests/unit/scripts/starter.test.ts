/** The starter model from a hub that behaves and from ones that do not, on loopback. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { plainModel as model } from '../../fixtures/random-llama.js';
// @ts-expect-error -- a script that runs before anything is compiled
import { findStarter } from '../../../scripts/lib/starter.mjs';

const source = {
  kind: 'hub',
  repository: 'someone/model-GGUF',
  file: 'model.gguf',
  sizeBytes: model.length,
  sha256: createHash('sha256').update(model).digest('hex'),
};
const find = findStarter as (sources: readonly object[]) => Promise<string | null>;

let home: string;
const servers: Server[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'starter-'));
  vi.stubEnv('ALTIPLANO_HOME', home);
  vi.stubEnv('ALTIPLANO_STARTER_MODEL', '');
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) server.close();
  rmSync(home, { recursive: true });
});

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const said = () => vi.mocked(process.stderr.write).mock.calls.join('');
const kept = join('models', 'model.gguf');

test('comes from the hub, verified, by its path there', async () => {
  const paths: (string | undefined)[] = [];
  const hub = await serve((request, response) => {
    paths.push(request.url);
    response.end(model);
  });
  vi.stubEnv('HF_ENDPOINT', hub);
  expect(await find([source])).toBe(join(home, kept));
  expect(readFileSync(join(home, kept))).toEqual(model);
  expect(paths).toEqual(['/someone/model-GGUF/resolve/main/model.gguf']);
  // The second time it is there already.
  expect(await find([source])).toBe(join(home, kept));
  expect(paths).toHaveLength(1);
});

test('the token goes to the hub and not where the hub points to', async () => {
  const seen: (string | undefined)[] = [];
  const store = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end(model);
  });
  const hub = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(302, { location: store.replace('127.0.0.1', 'localhost') }).end();
  });
  vi.stubEnv('HF_ENDPOINT', hub);
  vi.stubEnv('HF_TOKEN', 'secret');
  expect(await find([source])).not.toBeNull();
  expect(seen).toEqual(['Bearer secret', undefined]);
});

test.each([
  [
    'another file',
    (response: ServerResponse) => response.end(Buffer.alloc(model.length)),
    'not the one we know',
  ],
  ['a short one', (response: ServerResponse) => response.end(model.subarray(0, 50)), 'not the one we know'],
  ['an error', (response: ServerResponse) => response.writeHead(503).end(), 'the hub answered 503'],
  [
    'a broken connection',
    (response: ServerResponse) =>
      response.writeHead(200, { 'content-length': 500 }).end('x', () => response.destroy()),
    'model.gguf from the hub',
  ],
])('%s is not taken for the model', async (_name, answer, reason) => {
  vi.stubEnv('HF_ENDPOINT', await serve((_request, response) => void answer(response)));
  expect(await find([source])).toBeNull();
  expect(said()).toContain(reason);
  expect(said()).toContain('The window opens all the same.');
  expect(existsSync(join(home, kept))).toBe(false);
});

test('a path that is given comes first, if it is a GGUF file', async () => {
  const path = join(home, 'mine.gguf');
  writeFileSync(path, model);
  vi.stubEnv('ALTIPLANO_STARTER_MODEL', path);
  expect(await find([])).toBe(path);
  writeFileSync(path, 'no model');
  expect(await find([])).toBeNull();
  expect(said()).toContain('is no GGUF file');
});
