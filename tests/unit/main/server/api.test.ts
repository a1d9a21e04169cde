/** The API as the makers' own clients and plain requests see it, over a real port, with a model that says what it is told. */
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import type { FastifyInstance } from 'fastify';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeApi } from '../../../../main/server/api.js';
import type { Backend, Job } from '../../../../main/server/backend.js';
import { hashOfKey } from '../../../../main/server/guard.js';
import type { ApiLogEntry } from '../../../../preload/contract/api-server.js';
import { AppError } from '../../../../preload/contract/errors.js';
import { replyStatsSchema, type StopReason } from '../../../../preload/contract/chats.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';
import type { WrittenToken } from '../../../../preload/contract/tokens.js';

const key = 'secret';
let api: FastifyInstance;
let port: number;
let jobs: Job[];
let log: ApiLogEntry[];
/** What the model writes, piece by piece. */
let script: readonly string[];
let stopReason: StopReason;
let failure: AppError | null;
/** Set: the model writes on until it is stopped. */
let isEndless: boolean;
let wasStopped: boolean;
let isWritten: boolean;
/** Set: nothing is written before it is stopped. */
let isSilent: boolean;
let modelName: string | null;

const statsOf = (tokens: number) =>
  replyStatsSchema.parse({
    ...{ stopReason, promptTokens: 7, reusedTokens: 3, tokens, tokensPerSecond: 1, timeToFirstTokenMs: 1 },
    ...{ contextUsed: 9, contextSize: 512, omittedMessages: 0, seed: 1, template: 'koala' },
  });

const share = (text: string, logprob: number) => ({ text, bytes: [...Buffer.from(text)], logprob });
const written = (text: string, top: number): WrittenToken => ({
  ...share(text, -0.5),
  top: [share(text, -0.5), share(' or', -1.5)].slice(0, top),
});

const backend: Backend = {
  modelName: async () => modelName,
  contextSize: () => 512,
  sampling: async () => ({ ...defaultSampling(), temperature: 0.5 }),
  async generate(job, onText, signal) {
    jobs.push(job);
    if (failure !== null) throw failure;
    let text = '';
    if (isSilent) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    for (const piece of isSilent ? [] : script) {
      text += piece;
      onText(text, job.topTokens === undefined ? [] : [written(piece, job.topTokens)]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    while (isEndless && !signal.aborted) {
      text += ' on';
      onText(text, []);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    wasStopped = signal.aborted;
    isWritten = true;
    return { text, stats: statsOf(script.length) };
  },
  tokenize: async (text, marks) => [text.length, marks ? 1 : 0],
  detokenize: async (tokens) => tokens.join(' '),
  embed: async (texts) => ({ vectors: texts.map(({ length }) => [length / 8, 0.5]), tokens: 4 }),
};

beforeEach(async () => {
  isWritten = false;
  isSilent = false;
  [jobs, log, script] = [[], [], ['Llamas', ' hum', '.']];
  [stopReason, failure, isEndless, wasStopped, modelName] = ['end', null, false, false, 'Koala-7B'];
  const door = { lan: false, hostName: 'pc', keyHash: hashOfKey(key) };
  api = makeApi({ backend, door: () => door, onDone: (entry) => log.push(entry) });
  await api.listen({ port: 0, host: '127.0.0.1' });
  port = (api.server.address() as AddressInfo).port;
});
afterEach(() => api.close());

const openai = () => new OpenAI({ apiKey: key, baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 });
const anthropic = () => new Anthropic({ apiKey: key, baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 });
const ask = [{ role: 'user' as const, content: 'What do llamas do?' }];
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const weather = {
  ...{ name: 'weather', description: 'Tells the weather' },
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

describe('OpenAI’s client', () => {
  test('lists the model', async () => {
    const models = await openai().models.list();
    expect(models.data.map(({ id }) => id)).toEqual(['Koala-7B']);
    await expect(openai().models.retrieve('gpt-9')).rejects.toMatchObject({ status: 404 });
  });

  test('gets a whole answer, with what it took', async () => {
    const answer = await openai().chat.completions.create({
      ...{ model: 'any', messages: [{ role: 'developer', content: 'Be brief.' }, ...ask] },
      ...{
        temperature: 0,
        seed: 5,
        stop: ['\n\n', 'END'],
        max_completion_tokens: 9,
        logit_bias: { '5': -100 },
      },
    });
    expect(answer).toMatchObject({
      ...{ object: 'chat.completion', model: 'Koala-7B' },
      choices: [{ index: 0, message: { role: 'assistant', content: 'Llamas hum.' }, finish_reason: 'stop' }],
      usage: {
        prompt_tokens: 7,
        completion_tokens: 3,
        total_tokens: 10,
        prompt_tokens_details: { cached_tokens: 3 },
      },
    });
    expect(jobs[0]?.prompt).toEqual({
      kind: 'chat',
      messages: [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: 'What do llamas do?' },
      ],
      policy: 'stop',
    });
    expect(jobs[0]?.sampling).toEqual({
      ...{ ...defaultSampling(), temperature: 0, seed: 5, max_new_tokens: 9 },
      ...{ custom_stopping_strings: '["\\n\\n","END"]', logit_bias: '{"5":-100}' },
    });
  });

  test('gets a stream, with its use at the end', async () => {
    stopReason = 'max-tokens';
    const stream = await openai().chat.completions.create({
      ...{ model: 'any', messages: ask, stream: true, stream_options: { include_usage: true } },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Llamas hum.');
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('length');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 3 } });
  });

  test('asks for JSON, and for llama.cpp’s own parameters', async () => {
    await openai().chat.completions.create({
      ...{ model: 'any', messages: ask },
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'boolean' } } },
      ...({ min_p: 0.1, repeat_penalty: 1.2, dry_multiplier: 0.8 } as object),
    });
    expect(jobs[0]?.sampling).toMatchObject({
      ...{ json_schema: '{"type":"boolean"}', min_p: 0.1, repetition_penalty: 1.2, dry_multiplier: 0.8 },
    });
  });

  test.each([true, false])('gets calls of tools (streamed: %s)', async (stream) => {
    script = ['{"tool": "weather", ', '"arguments": {"city": "Cusco"}}'];
    const tools = [{ type: 'function' as const, function: weather }];
    const create = { model: 'any', messages: ask, tools, tool_choice: 'required' as const };
    const call = { type: 'function', function: { name: 'weather', arguments: '{"city":"Cusco"}' } };
    if (stream) {
      const chunks = [];
      for await (const chunk of await openai().chat.completions.create({ ...create, stream }))
        chunks.push(chunk);
      expect(chunks.at(-1)?.choices[0]).toMatchObject({
        delta: { tool_calls: [{ index: 0, ...call }] },
        finish_reason: 'tool_calls',
      });
    } else {
      const { choices } = await openai().chat.completions.create(create);
      expect(choices[0]).toMatchObject({
        message: { content: null, tool_calls: [call] },
        finish_reason: 'tool_calls',
      });
    }
    expect(JSON.parse(String(jobs[0]?.sampling.json_schema))).toMatchObject({
      properties: { tool: { const: 'weather' }, arguments: weather.parameters },
    });
  });

  test('tells what a tool gave, and gets an answer', async () => {
    script = ['{"answer": "It rains."}'];
    const { choices } = await openai().chat.completions.create({
      model: 'any',
      messages: [
        ...ask,
        {
          role: 'assistant',
          tool_calls: [
            { id: '1', type: 'function', function: { name: 'weather', arguments: '{"city":"Cusco"}' } },
          ],
        },
        { role: 'tool', tool_call_id: '1', content: 'rain' },
      ],
      tools: [{ type: 'function', function: weather }],
    });
    expect(choices[0]?.message.content).toBe('It rains.');
    const { messages } = jobs[0]!.prompt as Extract<Job['prompt'], { kind: 'chat' }>;
    expect(messages.slice(2)).toEqual([
      { role: 'assistant', text: '{"tool": "weather", "arguments": {"city":"Cusco"}}' },
      { role: 'user', text: 'Result of the tool:\nrain' },
    ]);
  });

  test('completes a text, given in words or in tokens', async () => {
    const answer = await openai().completions.create({
      model: 'any',
      prompt: 'Once',
      max_tokens: 4,
      echo: true,
    });
    expect(answer.choices[0]).toMatchObject({ text: 'OnceLlamas hum.', finish_reason: 'stop' });
    await openai().completions.create({ model: 'any', prompt: [1, 2] });
    expect(jobs.map(({ prompt }) => prompt)).toEqual([
      { kind: 'text', text: 'Once', marks: true },
      { kind: 'text', text: '1 2', marks: true },
    ]);
  });

  test('is told the logarithms of probabilities, whole and in a stream', async () => {
    const entry = (token: string, logprob: number) => ({ token, logprob, bytes: [...Buffer.from(token)] });
    const expected = script.map((token) => ({
      ...entry(token, -0.5),
      top_logprobs: [entry(token, -0.5), entry(' or', -1.5)],
    }));
    const asked = { model: 'any', messages: ask, logprobs: true, top_logprobs: 2 };
    const whole = await openai().chat.completions.create(asked);
    expect(whole.choices[0]?.logprobs).toEqual({ content: expected, refusal: null });
    const told = [];
    for await (const { choices } of await openai().chat.completions.create({ ...asked, stream: true })) {
      const logprobs = choices[0]?.logprobs ?? null;
      if (logprobs !== null) told.push(...logprobs.content!);
    }
    expect(told).toEqual(expected);
    const plain = await openai().chat.completions.create({ model: 'any', messages: ask, logprobs: true });
    expect(plain.choices[0]?.logprobs?.content?.[0]).toEqual({ ...entry('Llamas', -0.5), top_logprobs: [] });
    const none = await openai().chat.completions.create({ model: 'any', messages: ask });
    expect(none.choices[0]?.logprobs).toBeNull();
    expect(jobs.map(({ topTokens }) => topTokens)).toEqual([2, 2, 0, undefined]);
  });

  test('is told them in the older form too, with the places in the text', async () => {
    script = ['Llamas', ' \uFFFD', '.'];
    const asked = { model: 'any', prompt: 'Once', logprobs: 1 };
    const whole = await openai().completions.create(asked);
    const expected = {
      tokens: ['Llamas', 'bytes:\\x20\\xef\\xbf\\xbd', '.'],
      token_logprobs: [-0.5, -0.5, -0.5],
      top_logprobs: [{ Llamas: -0.5 }, { 'bytes:\\x20\\xef\\xbf\\xbd': -0.5 }, { '.': -0.5 }],
      text_offset: [0, 6, 8],
    };
    expect(whole.choices[0]?.logprobs).toEqual(expected);
    const offsets = [];
    for await (const { choices } of await openai().completions.create({ ...asked, stream: true }))
      offsets.push(...(choices[0]?.logprobs?.text_offset ?? []));
    expect(offsets).toEqual([0, 6, 8]);
    await expect(openai().completions.create({ ...asked, logprobs: 21 })).rejects.toMatchObject({
      param: 'logprobs',
    });
    await expect(openai().completions.create({ ...asked, echo: true })).rejects.toMatchObject({
      param: 'echo',
    });
  });

  test('gets vectors', async () => {
    const { data, usage } = await openai().embeddings.create({ model: 'any', input: ['four', 'eight888'] });
    expect(data.map(({ embedding }) => embedding)).toEqual([
      [0.5, 0.5],
      [1, 0.5],
    ]);
    expect(usage.prompt_tokens).toBe(4);
  });

  test('is told what is wrong, in its own form', async () => {
    const create = (more: object) =>
      openai().chat.completions.create({ model: 'any', messages: ask, ...more });
    await expect(create({ temperature: 99 })).rejects.toMatchObject({ status: 400, param: 'temperature' });
    await expect(create({ n: 2 })).rejects.toMatchObject({ status: 400, param: 'n' });
    await expect(create({ logprobs: 3 })).rejects.toMatchObject({ status: 400, param: 'logprobs' });
    for (const top_logprobs of [21, -1, 1.5])
      await expect(create({ logprobs: true, top_logprobs })).rejects.toMatchObject({ param: 'top_logprobs' });
    await expect(create({ top_logprobs: 2 })).rejects.toThrow('needs logprobs to be true');
    await expect(create({ messages: [] })).rejects.toMatchObject({ status: 400, param: 'messages' });
    const image = [{ type: 'image_url', image_url: { url: 'data:,' } }];
    await expect(create({ messages: [{ role: 'user', content: image }] })).rejects.toThrow(
      'reads text alone',
    );
    failure = new AppError({ code: 'prompt-too-long', message: 'This is too long.' });
    await expect(create({})).rejects.toMatchObject({ status: 400, code: 'context_length_exceeded' });
    failure = new AppError({ code: 'no-model', message: 'No model is chosen.' });
    await expect(create({})).rejects.toMatchObject({ status: 503, type: 'server_error' });
    await expect(
      create({ stream: true }).then(async (stream) => {
        for await (const _ of stream as unknown as AsyncIterable<unknown>);
      }),
    ).rejects.toThrow('No model is chosen.');
    await expect(
      new OpenAI({ apiKey: 'other', baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 }).models.list(),
    ).rejects.toMatchObject({ status: 401 });
  });
});

describe('Anthropic’s client', () => {
  test('gets a whole answer, and a stream', async () => {
    const message = await anthropic().messages.create({
      ...{
        model: 'any',
        max_tokens: 20,
        system: [{ type: 'text', text: 'Be brief.' }],
        messages: ask,
        stop_sequences: ['END'],
      },
    });
    expect(message).toMatchObject({
      ...{ role: 'assistant', stop_reason: 'end_turn', content: [{ type: 'text', text: 'Llamas hum.' }] },
      usage: { input_tokens: 4, cache_read_input_tokens: 3, output_tokens: 3 },
    });
    expect(jobs[0]).toMatchObject({
      prompt: { messages: [{ role: 'system', text: 'Be brief.' }, { role: 'user' }] },
      sampling: { max_new_tokens: 20, custom_stopping_strings: '["END"]' },
    });
    stopReason = 'max-tokens';
    const stream = anthropic().messages.stream({ model: 'any', max_tokens: 20, messages: ask });
    let text = '';
    stream.on('text', (piece) => (text += piece));
    const final = await stream.finalMessage();
    expect(text).toBe('Llamas hum.');
    expect(final).toMatchObject({ stop_reason: 'max_tokens', content: [{ text: 'Llamas hum.' }] });
  });

  test('gets calls of tools', async () => {
    script = ['{"tool": "weather", "arguments": {"city": "Cusco"}}'];
    const { name, description, parameters } = weather;
    const create = {
      ...{ model: 'any', max_tokens: 20, messages: ask, tool_choice: { type: 'any' as const } },
      tools: [{ name, description, input_schema: parameters as Anthropic.Tool.InputSchema }],
    };
    const call = { type: 'tool_use', name: 'weather', input: { city: 'Cusco' } };
    expect(await anthropic().messages.create(create)).toMatchObject({
      stop_reason: 'tool_use',
      content: [call],
    });
    expect(await anthropic().messages.stream(create).finalMessage()).toMatchObject({ content: [call] });
  });

  test('is told what is wrong, in its own form', async () => {
    await expect(
      anthropic().messages.create({ model: 'any', max_tokens: 0, messages: ask }),
    ).rejects.toMatchObject({
      status: 400,
      error: { type: 'error', error: { type: 'invalid_request_error' } },
    });
  });
});

describe('plain requests', () => {
  test('health needs no key; tokens are counted and read', async () => {
    expect(await (await fetch(`http://127.0.0.1:${port}/health`)).json()).toEqual({ status: 'ok' });
    modelName = null;
    expect(await (await fetch(`http://127.0.0.1:${port}/health`)).json()).toEqual({ status: 'no model' });
    expect(await (await post('/tokenize', { content: 'abc', parse_special: true })).json()).toEqual({
      tokens: [3, 1],
    });
    expect(await (await post('/detokenize', { tokens: [4, 5] })).json()).toEqual({ content: '4 5' });
  });

  test('bodies that are no JSON, too large, or go nowhere', async () => {
    for (const [path, body, status] of [
      ['/v1/chat/completions', '{"messages": [', 400],
      ['/v1/chat/completions', '[]', 400],
      ['/v1/chat/completions', `"${'x'.repeat(17 * 1024 * 1024)}"`, 413],
      ['/v1/nothing', {}, 404],
    ] as const) {
      const answer = await post(path, body);
      expect(answer.status, path).toBe(status);
      expect(await answer.json()).toMatchObject({ error: { message: expect.any(String) as string } });
    }
  });

  test('pages and names that point here from elsewhere are refused, whatever their key', async () => {
    expect((await post('/v1/completions', { prompt: 'x' }, { origin: 'https://evil.example' })).status).toBe(
      403,
    );
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { host: 'evil.example', authorization: `Bearer ${key}` };
      request({ port, host: '127.0.0.1', path: '/v1/models', headers }, ({ statusCode }) =>
        resolve(statusCode),
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(403);
    const preflight = await fetch(`http://127.0.0.1:${port}/v1/models`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });

  test.each([
    { stream: true, silent: false },
    { stream: true, silent: true },
    { stream: false, silent: true },
    { stream: false, silent: false },
  ])('a client that goes away stops the model: %o', async ({ stream, silent }) => {
    [isEndless, isSilent] = [true, silent];
    const leaving = new AbortController();
    const asked = fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      ...{ method: 'POST', signal: leaving.signal },
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ messages: ask, stream }),
    });
    asked.catch(() => undefined);
    // Its head comes before the first word.
    if (stream) await (await asked).body!.getReader().read();
    await expect.poll(() => jobs.length).toBe(1);
    leaving.abort();
    await expect.poll(() => wasStopped).toBe(true);
  });

  test('one who takes nothing does not hold up the model', async () => {
    // More than the buffers of any connection hold.
    script = Array.from({ length: 30 }, () => 'x'.repeat(1_000_000));
    const answer = await post('/v1/chat/completions', { messages: ask, stream: true });
    // The reader has taken the head alone.
    await expect.poll(() => isWritten).toBe(true);
    expect(log).toEqual([]);
    const text = await answer.text();
    expect(text.match(/x{1000}/g)).toHaveLength(30_000);
    expect(text.trimEnd().endsWith('[DONE]')).toBe(true);
  });

  test('what was asked is logged, with what came of it', async () => {
    await post('/v1/chat/completions', { messages: ask });
    await post('/v1/chat/completions', { messages: ask, top_p: 'high' });
    await expect.poll(() => log.length).toBe(2);
    expect(log).toMatchObject([
      { method: 'POST', path: '/v1/chat/completions', status: 200, promptTokens: 7, tokens: 3, error: null },
      { status: 400, tokens: 0, error: 'top_p: This must be a number.' },
    ]);
  });
});
