/** The engine's side of the protocol with the real starter model. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineServer } from '../../../../main/engine/server.js';
import { StateFiles } from '../../../../main/engine/state-files.js';
import type { EngineCall, EngineMessage, Frame } from '../../../../preload/contract/engine.js';
import { defaultSampling } from '../../../../preload/contract/parameters.js';

const messages: EngineMessage[] = [];
const frames: Frame[] = [];
let onFrame: (frame: Frame) => void = () => undefined;
let onMessage: (message: EngineMessage) => void = () => undefined;
const folder = mkdtempSync(join(tmpdir(), 'states-'));
const server = new EngineServer(
  {
    post: (message) => {
      messages.push(message);
      onMessage(message);
    },
    frame: (frame) => {
      frames.push(frame);
      onFrame(frame);
    },
    gpuLost: () => undefined,
  },
  new StateFiles(folder),
);

/** The first message that fits, past or to come. */
const message = <M extends EngineMessage>(fits: (message: EngineMessage) => message is M): Promise<M> =>
  new Promise((resolve) => {
    const past = messages.find(fits);
    if (past !== undefined) return resolve(past);
    const before = onMessage;
    onMessage = (next) => {
      before(next);
      if (fits(next)) resolve(next);
    };
  });

type Answer = Extract<EngineMessage, { type: 'answer' }>;
type End = Extract<EngineMessage, { type: 'done' | 'failed' }>;
const isEndOf =
  (runId: string) =>
  (candidate: EngineMessage): candidate is End =>
    (candidate.type === 'done' || candidate.type === 'failed') && candidate.runId === runId;
const endOf = (runId: string) => message(isEndOf(runId));

let seq = 0;
const ask = (name: EngineCall, input: unknown) => {
  const mine = ++seq;
  server.receive({ type: 'call', seq: mine, name, input });
  return message((candidate): candidate is Answer => candidate.type === 'answer' && candidate.seq === mine);
};
const generate = (runId: string, text: string, maxTokens: number, frameIntervalMs = 0) =>
  ask('generate', {
    runId,
    frameIntervalMs,
    prompt: { kind: 'chat', messages: [{ role: 'user', text }] },
    sampling: { ...defaultSampling(), temperature: 0, max_new_tokens: maxTokens },
  });

beforeAll(async () => {
  const path = process.env['ALTIPLANO_STARTER_MODEL'] ?? '';
  const { result } = await ask('load', {
    path,
    contextSize: 2048,
    threads: 1,
    gpuLayers: 0,
    kvType: 'f16',
    template: null,
  });
  expect(result.ok).toBe(true);
}, 60_000);
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

test('a run that waits for its turn ends at once when it is stopped, and is not run later', async () => {
  await generate('first', 'Tell me a very long story about a llama.', 16);
  await generate('waiting', 'Hello.', 5);
  await generate('last', 'Hello.', 5);
  server.receive({ type: 'cancel', runId: 'waiting' });
  expect(messages.find(isEndOf('waiting'))).toMatchObject({ type: 'failed', error: { code: 'cancelled' } });
  expect(messages.find(isEndOf('first'))).toBeUndefined();
  expect(await endOf('last')).toMatchObject({ type: 'done' });
  expect(await endOf('first')).toMatchObject({ type: 'done', stats: { tokens: 16 } });
  expect(messages.filter(isEndOf('waiting'))).toHaveLength(1);
  expect(frames.some(({ runId }) => runId === 'waiting')).toBe(false);
});

test('stop while the prompt is read: the piece in work is the last one', async () => {
  onFrame = (frame) => {
    if (frame.kind === 'prefill') server.receive({ type: 'cancel', runId: 'reading' });
  };
  await generate('reading', 'word '.repeat(1200), 5);
  expect(await endOf('reading')).toMatchObject({ text: '', stats: { stopReason: 'stopped', tokens: 0 } });
  expect(frames.filter(({ runId }) => runId === 'reading')).toHaveLength(1);
});

test('how far the prompt is read is told no more often than text is shown', async () => {
  const told = (runId: string) => frames.filter((frame) => frame.kind === 'prefill' && frame.runId === runId);
  await generate('eager', 'piece '.repeat(1200), 1);
  await endOf('eager');
  await generate('calm', 'bit '.repeat(1200), 1, 3_600_000);
  await endOf('calm');
  expect(told('eager').length).toBeGreaterThan(2);
  expect(told('calm')).toEqual([]);
});

test('stop while the reply is written: at most one more token comes', async () => {
  let shownAtStop = '';
  onFrame = (frame) => {
    if (frame.kind !== 'text' || shownAtStop !== '') return;
    shownAtStop = frame.text;
    server.receive({ type: 'cancel', runId: 'writing' });
  };
  await generate('writing', 'Tell me a very long story about a llama.', 0);
  const end = await endOf('writing');
  expect(end).toMatchObject({ type: 'done', stats: { stopReason: 'stopped' } });
  expect(end.text.startsWith(shownAtStop)).toBe(true);
  expect(end.type === 'done' && end.stats.tokens).toBeLessThanOrEqual(2);
});

test('a plan is told while a run writes, and says what the run would send', async () => {
  onFrame = () => undefined;
  await generate('long', 'Tell me a very long story about a llama.', 24);
  const prompt = {
    kind: 'chat',
    messages: [{ role: 'user', text: 'Tell me a very long story about a llama.' }],
  };
  const { result } = await ask('planPrompt', { prompt, maxNewTokens: 24 });
  expect(messages.find(isEndOf('long'))).toBeUndefined();
  const end = await endOf('long');
  const promptTokens = end.type === 'done' ? end.stats.promptTokens : 0;
  expect(result).toEqual({
    ok: true,
    value: { promptTokens, reserveTokens: 24, contextSize: 2048, overTokens: 0, leftOut: [null] },
  });
});
