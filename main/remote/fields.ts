/** Owns how our parameters become the fields of a request; which of them a server takes is in the table of kinds. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';
import { jsonSchemaGrammar } from '../../preload/contract/json-schema.js';
import { parameters, type ParameterName, type Sampling } from '../../preload/contract/parameters.js';
import type { SamplerStage } from '../../preload/contract/sampler-stages.js';
import { isGreedy, stagesInUse } from '../../preload/contract/sampler-use.js';
import { knownServers, type ServerKind } from '../../preload/contract/server-kinds.js';
import { parseBiases, parseIds, parseStrings } from '../../preload/contract/text-formats.js';

type Body = Readonly<Record<string, unknown>>;

/** OpenAI's API takes no more; what is beyond it is found in the text that comes. */
const mostStops = 4;

/** llama.cpp's names of samplers, where they are not ours. */
const llamaCppSamplers: { readonly [S in SamplerStage]?: string } = {
  ...{ repetition_penalty: 'penalties', presence_penalty: 'penalties', frequency_penalty: 'penalties' },
  ...{ dry: 'dry', top_n_sigma: 'top_n_sigma', top_k: 'top_k', typical_p: 'typ_p', top_p: 'top_p' },
  ...{ min_p: 'min_p', xtc: 'xtc', temperature: 'temperature', dynamic_temperature: 'temperature' },
  adaptive_p: 'adaptive_p',
};

/** Values that a field has in another form than our parameter. Undefined says nothing. */
const forms: Readonly<Record<string, (sampling: Sampling) => unknown>> = {
  temperature: (sampling) => (isGreedy(sampling) ? 0 : sampling.temperature),
  // These three are said by the request: the limit with what is left of the context, the stops with those of the
  // template, the seed as it was drawn.
  max_tokens: () => undefined,
  stop: () => undefined,
  seed: () => undefined,
  logit_bias: (sampling) => biases(byNumber(sampling), sampling),
  response_format: ({ json_schema }) =>
    json_schema.trim() === ''
      ? undefined
      : { type: 'json_schema', json_schema: { name: 'reply', schema: JSON.parse(json_schema) as unknown } },
  json_schema: ({ json_schema }) =>
    json_schema.trim() === '' ? undefined : (JSON.parse(json_schema) as unknown),
  grammar: ({ grammar_string }) => (grammar_string.trim() === '' ? undefined : grammar_string),
  bad_words: ({ banned_strings }) => filled(parseStrings(banned_strings)),
};

/** llama.cpp's. Its dynamic temperature is told as a middle and a range. */
const llamaCppForms: typeof forms = {
  ...forms,
  temperature: (sampling) => {
    const { dynamic_temperature, dynatemp_low, dynatemp_high, temperature } = sampling;
    if (isGreedy(sampling)) return 0;
    return dynamic_temperature ? (dynatemp_low + dynatemp_high) / 2 : temperature;
  },
  dynamic_temperature: () => undefined,
  dynatemp_low: () => undefined,
  dynatemp_high: () => undefined,
  repeat_last_n: ({ repetition_penalty_range: range }) => (range === 0 ? -1 : range),
  dry_sequence_breakers: ({ dry_sequence_breakers }) => parseStrings(dry_sequence_breakers) ?? undefined,
  adaptive_target: ({ adaptive_target }) => (adaptive_target > 0 ? adaptive_target : -1),
  // It takes words as well.
  logit_bias: (sampling) => biases(biasesOf(sampling), sampling),
  samplers: (sampling) => {
    const names = stagesInUse(sampling).flatMap((stage) => llamaCppSamplers[stage] ?? []);
    return [...new Set([...names, 'temperature'])];
  },
};

/** text-generation-webui follows grammars alone. */
const webuiForms: typeof forms = {
  ...forms,
  grammar_string: ({ grammar_string, json_schema }) =>
    json_schema.trim() === '' ? grammar_string : jsonSchemaGrammar(json_schema),
};

const formsOf: Partial<Record<ServerKind, typeof forms>> = {
  altiplano: { ...forms, logit_bias: ({ logit_bias }) => logit_bias },
  'llama.cpp': llamaCppForms,
  'text-generation-webui': webuiForms,
};

/** What of a request says how to write. @param stops at which the reply ends, those of the template first */
export function samplingFields(
  kind: ServerKind,
  sampling: Sampling,
  seed: number,
  stops: readonly string[],
): Body {
  const { fields } = knownServers[kind];
  const own = formsOf[kind] ?? forms;
  const body: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields) as [ParameterName, string][]) {
    const value = own[field] === undefined ? sampling[name] : own[field](sampling);
    if (value !== undefined && !(kind === 'openai' && isNeutral(name, sampling))) body[field] = value;
  }
  if (kind === 'llama.cpp' && sampling.dynamic_temperature && !isGreedy(sampling)) {
    body['dynatemp_range'] = Math.abs(sampling.dynatemp_high - sampling.dynatemp_low) / 2;
  }
  if (sampling.grammar_string.trim() !== '' && sampling.json_schema.trim() !== '') {
    throw bad(
      t('A reply can follow grammar_string or json_schema, not both.'),
      t('Empty one of them under Parameters.'),
    );
  }
  const sent = kind === 'openai' ? stops.slice(0, mostStops) : stops;
  return { ...body, seed, ...(sent.length > 0 ? { stop: sent } : {}) };
}

/** OpenAI's own models refuse some parameters at any value; at this one they need not be told. */
function isNeutral(name: ParameterName, sampling: Sampling): boolean {
  const parameter = parameters[name];
  return 'neutral' in parameter && sampling[name] === parameter.neutral;
}

type Bias = readonly [token: string, bias: number];

const biasesOf = ({ logit_bias }: Sampling): Bias[] => [...(parseBiases(logit_bias) ?? [])];

/** As OpenAI has it. @throws AppError bad-input for words */
function byNumber(sampling: Sampling): Bias[] {
  const word = biasesOf(sampling).find(([token]) => !/^\d+$/.test(token))?.[0];
  if (word === undefined) return biasesOf(sampling);
  throw bad(t('logit_bias: this server needs the number of a token, not “{word}”.', { word }));
}

/** Bans are the strongest biases. */
function biases(own: readonly Bias[], { custom_token_bans }: Sampling): Record<string, number> | undefined {
  const bans = (parseIds(custom_token_bans) ?? []).map((id): Bias => [String(id), -100]);
  return filled(Object.fromEntries([...own, ...bans]));
}

/** Undefined where nothing is in it. */
function filled<T extends object>(value: T | null): T | undefined {
  return value === null || Object.keys(value).length === 0 ? undefined : value;
}

function bad(message: string, hint = t('Correct it under Parameters.')): AppError {
  return new AppError({ code: 'bad-input', message, hint });
}
