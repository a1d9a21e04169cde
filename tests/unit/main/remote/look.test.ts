/** What servers of each kind are found to be, and what is said of those that are none, over real connections. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Http, type HttpOptions } from '../../../../main/net/http.js';
import { look } from '../../../../main/remote/look.js';
import { RemoteServer } from '../../../../main/remote/server.js';
import { json, ModelServer } from '../../../fixtures/model-server.js';
import { openGate } from '../../../fixtures/gate.js';

const never = new AbortController().signal;
let http: Http;
let server: ModelServer;

beforeEach(() => (http = new Http(openGate(), { connectMs: 1000, stallMs: 1000 })));
afterEach(async () => {
  await http.close();
  await server?.close().catch(() => undefined);
});

const start = async (kind: ConstructorParameters<typeof ModelServer>[0]) =>
  (server = await new ModelServer(kind).start());
const find = (address = server.address, token: string | null = null) =>
  look(
    new RemoteServer(http, token === null ? null : { origin: new URL(address).origin, token }),
    address,
    never,
  );
const id = 'SmolLM2-135M-Instruct.gguf';

describe('each kind is told by what it answers', () => {
  test('llama.cpp, with its context, its template and its build', async () => {
    await start('llama.cpp');
    expect(await find()).toMatchObject({
      ...{ kind: 'llama.cpp', version: 'b6123', apiUrl: `${server.address}/v1`, completes: true },
      models: [{ id, contextSize: 2048 }],
      template: {
        text: expect.stringContaining('bos_token') as string,
        bos: '<s>',
        eos: '</s>',
        addsBos: true,
      },
    });
  });
  test('vLLM', async () => {
    await start('vllm');
    const models = [{ id, contextSize: 8192 }];
    expect(await find()).toMatchObject({ kind: 'vllm', version: '0.11.0', completes: true, models });
  });
  test('Ollama, which puts its template around every text', async () => {
    await start('ollama');
    const models = [{ id, contextSize: 4096 }];
    expect(await find()).toMatchObject({ kind: 'ollama', version: '0.12.3', completes: false, models });
  });
  test('LM Studio', async () => {
    await start('lm-studio');
    expect(await find()).toMatchObject({ kind: 'lm-studio', models: [{ id, contextSize: 3000 }] });
  });
  test('text-generation-webui', async () => {
    await start('text-generation-webui');
    expect(await find()).toMatchObject({ kind: 'text-generation-webui', completes: true });
  });
  test('whatever else speaks like OpenAI, with texts or without', async () => {
    await start('openai');
    const models = [{ id, contextSize: null }];
    expect(await find()).toMatchObject({ kind: 'openai', completes: true, models, template: null });
    delete server.answers['/v1/completions'];
    expect(await find()).toMatchObject({ kind: 'openai', completes: false });
    expect(server.replies).toEqual([]);
  });
  test('the address may be that of the API itself', async () => {
    await start('llama.cpp');
    expect(await find(`${server.address}/v1`)).toMatchObject({ kind: 'llama.cpp', version: 'b6123' });
  });
  test('an API that does not begin at /v1', async () => {
    await start('openai');
    server.answers['/models'] = server.answers['/v1/models']!;
    delete server.answers['/v1/models'];
    expect(await find()).toMatchObject({ kind: 'openai', apiUrl: server.address });
  });
});

describe('what is wrong is said, with what to do', () => {
  test('nobody listens', async () => {
    await start('openai');
    const { address } = server;
    await server.close();
    await expect(find(address)).rejects.toMatchObject({
      code: 'network-failed',
      message: expect.stringContaining('does not accept connections') as string,
      hint: expect.stringContaining('listens on this port') as string,
    });
  });
  test('no such API', async () => {
    await start('openai');
    delete server.answers['/v1/models'];
    await expect(find()).rejects.toMatchObject({
      message: expect.stringContaining('has no OpenAI-compatible API') as string,
      hint: expect.stringContaining('/v1') as string,
    });
  });
  test('a page instead of an API', async () => {
    await start('openai');
    const page = (response: import('node:http').ServerResponse) =>
      void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Hello</html>');
    server.answers['/v1/models'] = page;
    server.answers['/models'] = page;
    await expect(find()).rejects.toMatchObject({
      code: 'server-refused',
      message: expect.stringContaining('but not as an OpenAI-compatible server') as string,
    });
  });
  test('a key that is wrong or missing, which the error does not repeat', async () => {
    await start('vllm');
    server.key = 'right';
    const refused = { message: expect.stringContaining('does not let you in (401)') as string };
    await expect(find()).rejects.toMatchObject(refused);
    const error = await find(server.address, 'sk-wrong').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject(refused);
    expect(JSON.stringify(error)).not.toContain('sk-wrong');
    expect(await find(server.address, 'right')).toMatchObject({ kind: 'vllm' });
  });
  test('a server that takes the connection and says nothing', async () => {
    const mute = createServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const patience = new Http(openGate(), { connectMs: 1000, stallMs: 1000 });
    const quick = {
      open: (address: string, options: HttpOptions) =>
        patience.open(address, { ...options, patience: { firstByteMs: 200, stallMs: 200 } }),
    };
    const address = `http://127.0.0.1:${(mute.address() as AddressInfo).port}`;
    await expect(look(new RemoteServer(quick, null), address, never)).rejects.toMatchObject({
      code: 'network-failed',
      message: expect.stringContaining('does not answer') as string,
    });
    await patience.close();
    mute.close();
  });
  test('a server that speaks TLS by a certificate that nobody knows, or none at all', async () => {
    await start('openai');
    await expect(find(server.address.replace('http:', 'https:'))).rejects.toMatchObject({
      code: 'network-failed',
    });
  });
  test('answers that are not what the field says are passed over', async () => {
    await start('openai');
    server.answers['/v1/models'] = json({
      data: [{ id, owned_by: 7, max_model_len: 'many', context_length: 5000 }],
    });
    expect(await find()).toMatchObject({ models: [{ id, contextSize: 5000 }] });
  });
});
