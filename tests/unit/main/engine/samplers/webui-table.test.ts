/** Every parameter of text-generation-webui: its range, its row on the page, and that it reaches what picks the words. */
import { describe, expect, test } from 'vitest';
import { nativeSampling, needsChain } from '../../../../../main/engine/sampling.js';
import { SamplerChain } from '../../../../../main/engine/samplers/chain.js';
import { sequenceBreakers } from '../../../../../main/engine/samplers/dry-breakers.js';
import {
  defaultSampling,
  neutralSampling,
  parameters,
  type Parameter,
  type Sampling,
} from '../../../../../preload/contract/parameters.js';
import { samplingSchema } from '../../../../../preload/contract/sampling-schema.js';
import { parseStrings } from '../../../../../preload/contract/text-formats.js';
import { parameterGroups } from '../../../../../renderer/lib/parameters.js';
import { fromZero, webuiParameters } from '../../../../fixtures/webui-parameters.js';
import { distributions } from './distributions.js';

const rows = webuiParameters.map((row) => [row.name, row] as const);
const onPage = parameterGroups.flatMap((group) => group.parameters);

describe.each(rows)('%s', (name, { range, neutral, other }) => {
  const parameter: Parameter = parameters[name];

  test('has the range, the step and the neutral value that it has there', () => {
    if (neutral !== undefined) expect(parameter).toMatchObject({ neutral });
    if (range === undefined) return;
    const [min, max, step] = range;
    expect(parameter).toMatchObject({ kind: 'number', min: fromZero.includes(name) ? 0 : min, max, step });
  });

  test('stands once on the page, with a sentence', () => {
    const found = onPage.filter((one) => one.name === name);
    expect(found).toHaveLength(1);
    expect(found[0]!.does).toMatch(/\S.*[.":]/);
  });

  test('takes another value, and refuses one of no kind', () => {
    expect(samplingSchema.safeParse({ [name]: other }).success).toBe(true);
    expect(samplingSchema.safeParse({ [name]: Symbol.iterator }).success).toBe(false);
  });
});

test('the page has every parameter once, in groups', () => {
  expect(onPage.map(({ name }) => name).sort()).toEqual(Object.keys(parameters).sort());
});

/** Those that act elsewhere than on the choice of a word; their tests are those of the session and of the constraints. */
const elsewhere = [
  ...['guidance_scale', 'negative_prompt', 'max_new_tokens', 'prompt_lookup_num_tokens', 'max_tokens_second'],
  ...[
    'add_bos_token',
    'ban_eos_token',
    'skip_special_tokens',
    'custom_stopping_strings',
    'custom_token_bans',
    'grammar_string',
  ],
];

const words = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
/** A passage that repeats, longer than every range that is tried. */
const history = Array.from({ length: 160 }, (_, at) => (at < 90 ? 5 + (at % 3) : at % 5));

/** All that picks the next words: what llama.cpp is given, or what our chain leaves and takes. */
function picking(sampling: Sampling): unknown {
  const seed = Math.max(0, sampling.seed);
  const { repeatPenalty, ...native } = nativeSampling(sampling, seed, history as never);
  const punished =
    typeof repeatPenalty === 'object' ? [repeatPenalty.penalty, repeatPenalty.maxPunishTokens] : null;
  const breakers = sequenceBreakers(parseStrings(sampling.dry_sequence_breakers) ?? [], words, (text) => [
    words.indexOf(text),
  ]);
  const chain = new SamplerChain({
    sampling,
    seed,
    vocabularySize: 3000,
    breakers,
    prompt: history.slice(0, 100),
  });
  const candidates = distributions['long tail']!;
  const taken: number[] = [];
  const left = chain.apply(candidates, history);
  for (let count = 0; count < 12; count++) taken.push(chain.sample(candidates, [...history, ...taken]));
  return { native, punished, needsChain: needsChain(sampling), left, taken };
}

test.each(rows.filter(([name]) => !elsewhere.includes(name)))(
  '%s reaches what picks the words',
  (name, row) => {
    const usual = { ...neutralSampling(defaultSampling()), seed: 1 };
    const read = (values: object) => samplingSchema.parse({ ...usual, ...row.beside, ...values });
    const before = picking(read({}));
    expect(picking(read({}))).toEqual(before);
    expect(picking(read({ [name]: row.other }))).not.toEqual(before);
  },
);
