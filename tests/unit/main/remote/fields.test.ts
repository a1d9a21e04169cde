/** What each kind of server is told of our parameters, and in which form. */
import { expect, test } from 'vitest';
import { samplingFields } from '../../../../main/remote/fields.js';
import { defaultSampling, parameters, type Sampling } from '../../../../preload/contract/parameters.js';
import { isParameter } from '../../../../preload/contract/parameter-values.js';
import {
  knownServers,
  serverKinds,
  takes,
  type ServerKind,
} from '../../../../preload/contract/server-kinds.js';
import { untold } from '../../../../renderer/lib/server-words.js';
import { samplingOf } from '../../../../main/server/sampling.js';

const fields = (kind: ServerKind, sampling: Partial<Sampling> = {}, stops: readonly string[] = []) =>
  samplingFields(kind, { ...defaultSampling(), ...sampling }, 7, stops);

test('every kind takes parameters that exist, and what all of them take', () => {
  for (const kind of serverKinds) {
    expect(Object.keys(knownServers[kind].fields).every(isParameter), kind).toBe(true);
    for (const name of [
      'temperature',
      'top_p',
      'seed',
      'max_new_tokens',
      'custom_stopping_strings',
    ] as const) {
      expect(takes(kind, name), `${kind} ${name}`).toBe(true);
    }
  }
});

test('OpenAI’s API is told only what it has, and only what is not at rest', () => {
  expect(fields('openai', { top_p: 1, top_k: 5, frequency_penalty: 0.5 }, ['a', 'b', 'c', 'd', 'e'])).toEqual(
    {
      ...{ temperature: 0.7, frequency_penalty: 0.5, seed: 7, stop: ['a', 'b', 'c', 'd'] },
    },
  );
  expect(fields('openai', { do_sample: false })).toMatchObject({ temperature: 0 });
});

test('biases and bans go by the numbers of tokens', () => {
  const biased = fields('openai', { logit_bias: '"15": 3', custom_token_bans: '2, 9' });
  expect(biased).toMatchObject({ logit_bias: { '15': 3, '2': -100, '9': -100 } });
  expect(() => fields('openai', { logit_bias: '" llama": 3' })).toThrow('needs the number of a token');
  expect(fields('llama.cpp', { logit_bias: '" llama": 3' })).toMatchObject({ logit_bias: { ' llama': 3 } });
});

test('llama.cpp’s names, forms and order', () => {
  expect(
    fields('llama.cpp', {
      ...{ dynamic_temperature: true, dynatemp_low: 0.5, dynatemp_high: 1.5, repetition_penalty_range: 0 },
      ...{
        dry_multiplier: 0.8,
        xtc_probability: 0.5,
        temperature_last: true,
        json_schema: '{"type":"object"}',
      },
    }),
  ).toMatchObject({
    ...{ temperature: 1, dynatemp_range: 0.5, repeat_penalty: 1.1, repeat_last_n: -1, adaptive_target: -1 },
    ...{ dry_sequence_breakers: ['\n', ':', '"', '*'], json_schema: { type: 'object' } },
    samplers: ['penalties', 'dry', 'top_k', 'top_p', 'min_p', 'xtc', 'temperature'],
  });
});

test('text-generation-webui takes our names, and a schema as a grammar', () => {
  const told = fields('text-generation-webui', { smoothing_factor: 0.3, json_schema: '{"enum":["a"]}' });
  expect(told).toMatchObject({ smoothing_factor: 0.3, repetition_penalty: 1.1 });
  expect(told['grammar_string']).toContain('root ::=');
});

test('vLLM’s own', () => {
  expect(fields('vllm', { banned_strings: '"x"', ban_eos_token: true })).toMatchObject({
    ...{ top_k: 40, min_p: 0.05, repetition_penalty: 1.1, bad_words: ['x'], ignore_eos: true },
  });
});

test('another Altiplano reads all of it back as it was', () => {
  const sampling = {
    ...defaultSampling(),
    ...{
      temperature: 1.5,
      tfs: 0.9,
      top_a: 0.2,
      mirostat_mode: 2,
      guidance_scale: 1.5,
      negative_prompt: 'no',
    },
    ...{
      banned_strings: '"x"',
      grammar_string: 'root ::= "a"',
      logit_bias: '"5": 2',
      no_repeat_ngram_size: 3,
    },
  };
  const read = samplingOf(fields('altiplano', sampling, ['END']), defaultSampling());
  expect(read).toEqual({ ...sampling, seed: 7, custom_stopping_strings: '["END"]' });
});

test('a reply can’t follow a grammar and a schema', () => {
  expect(() => fields('vllm', { grammar_string: 'root ::= "a"', json_schema: '{}' })).toThrow('not both');
});

test('what is set and not told is named', () => {
  const sampling = { ...defaultSampling(), tfs: 0.5, top_p: 0.5, banned_strings: '"x"' };
  expect(untold('ollama', sampling)).toEqual(['tfs', 'banned_strings']);
  expect(untold('altiplano', sampling)).toEqual([]);
  expect(Object.keys(parameters).length).toBeGreaterThan(
    Object.keys(knownServers['llama.cpp'].fields).length,
  );
});
