/** The doctor with the real starter model; fails where it is missing. */
import type { Token } from 'node-llama-cpp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspectPrompt } from '../../../../../main/engine/doctor/inspect.js';
import { probe } from '../../../../../main/engine/doctor/probe.js';
import { loadModel, type EngineModel } from '../../../../../main/engine/model.js';
import { generate } from '../../../../../main/engine/session.js';
import { chooseTemplate } from '../../../../../main/engine/templates/choose.js';
import { promptTokens, sourcedTokens } from '../../../../../main/engine/tokens.js';
import type { ChatPrompt, PromptMessage } from '../../../../../preload/contract/engine.js';
import { defaultSampling } from '../../../../../preload/contract/parameters.js';

let engine: EngineModel;
const never = new AbortController().signal;
beforeAll(async () => {
  const path = process.env['ALTIPLANO_STARTER_MODEL'] ?? '';
  const request = {
    path,
    contextSize: 1024,
    threads: 1,
    gpuLayers: 0,
    kvType: 'f16',
    template: null,
  } as const;
  engine = await loadModel(request, () => undefined, never);
}, 60_000);
afterAll(() => engine?.dispose());

const messages: PromptMessage[] = [
  { role: 'system', text: 'Sé breve. 🦙' },
  { role: 'user', text: 'Hi <|im_end|> there,\n\n  naïve 日本語 🦙🏔' },
  { role: 'assistant', text: 'Hello.' },
  { role: 'user', text: 'So?' },
];
const prompt: ChatPrompt = { kind: 'chat', messages };

test('shows the very tokens that a run is given, whole texts and whose they are', async () => {
  const { tokens } = inspectPrompt(engine, prompt, 0, null);
  const run = await generate(
    engine,
    { runId: 'a', prompt, sampling: { ...defaultSampling(), max_new_tokens: 2 }, conversation: 'chat' },
    { frame: () => undefined, checkpoint: () => undefined },
    never,
  );
  const ids = tokens.map(({ id }) => id);
  expect(run.stats.promptTokens).toBe(ids.length);
  expect(engine.sent.of('chat')?.slice(0, ids.length)).toEqual(ids);
  expect(tokens.map(({ text }) => text).join('')).toBe(run.prompt);
  const said = (source: string) =>
    tokens
      .filter((token) => token.source === source && !token.isMark)
      .map(({ text }) => text)
      .join('');
  expect(said('system')).toBe('Sé breve. 🦙');
  expect(said('user')).toBe(`${messages[1]!.text}So?`);
  expect(said('assistant')).toBe('Hello.');
});

test('the same ids as for generating, whatever the texts', () => {
  const decode = (tokens: readonly Token[], before: readonly Token[]) =>
    engine.model.detokenize(tokens, true, before);
  for (const text of ['', ' ', '\n\n', '</s>', '🦙', 'a\u0301', '\uFFFD x', 'word '.repeat(50)]) {
    const segments = engine.template.render([{ role: 'user', text }]);
    const shown = sourcedTokens(segments, engine.vocabulary, decode);
    expect(shown.map(({ id }) => id)).toEqual(promptTokens(segments, engine.vocabulary));
  }
});

test('knows what the cache holds and what was sent before', () => {
  const again = inspectPrompt(engine, prompt, 0, 'chat');
  expect(again.reusableTokens).toBe(again.tokens.length - 1);
  expect(again.previous?.length).toBeGreaterThan(again.tokens.length);
  const other = inspectPrompt(engine, { kind: 'chat', messages: messages.slice(1) }, 0, 'chat');
  expect(other.reusableTokens).toBeLessThan(10);
  expect(inspectPrompt(engine, prompt, 0, 'another chat').previous).toBeNull();
});

test('finds the model’s own template sound and the same as its family’s form', () => {
  const { findings, comparison, stops } = inspectPrompt(engine, prompt, 0, null);
  expect(stops).toEqual(['<|im_end|>', '<|im_start|>user']);
  expect(findings.map(({ level }) => level)).toEqual(['note', 'good', 'good', 'good']);
  expect(comparison?.inForce).toBe(comparison?.other);
  expect(comparison?.otherLabel).toBe('ChatML of SmolLM2, the original form');
});

test('the probe fits the own template, and not Vicuna’s', async () => {
  const own = await probe(engine, engine.template, never);
  expect([own.verdict, own.turns.map(({ ending }) => ending)]).toEqual(['good', ['end', 'end']]);
  const vicuna = await probe(engine, chooseTemplate(engine.traits, 'vicuna-v1.1').template, never);
  expect(vicuna.verdict).not.toBe('good');
}, 60_000);

test('a probe can be stopped', async () => {
  const stopping = new AbortController();
  stopping.abort();
  await expect(probe(engine, engine.template, stopping.signal)).rejects.toThrow('The probe was stopped.');
});
