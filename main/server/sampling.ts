/** Owns which fields of a request set which parameter: OpenAI's names, llama.cpp's and our own; never their defaults. */
import { isParameter, valueProblem } from '../../preload/contract/parameter-values.js';
import { parameters, type ParameterName, type Sampling } from '../../preload/contract/parameters.js';
import { badField } from './api-error.js';

/** Other names of parameters, as OpenAI, Anthropic and llama.cpp's server have them. */
const names: Readonly<Record<string, ParameterName>> = {
  max_tokens: 'max_new_tokens',
  max_completion_tokens: 'max_new_tokens',
  n_predict: 'max_new_tokens',
  repeat_penalty: 'repetition_penalty',
  repeat_last_n: 'repetition_penalty_range',
  mirostat: 'mirostat_mode',
  grammar: 'grammar_string',
};

type Body = Readonly<Record<string, unknown>>;

/** The parameters that a request sets; fields that are none are somebody else's. @throws ApiError 400 */
export function samplingOf(body: Body, usual: Sampling): Sampling {
  const set: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(body)) {
    const name = names[field] ?? field;
    if (field === 'stop' || field === 'stop_sequences') {
      if (value !== null) set['custom_stopping_strings'] = stops(field, value);
    } else if (field === 'logit_bias') {
      if (value !== null) set[field] = typeof value === 'string' ? value : JSON.stringify(value);
    } else if (field === 'response_format') {
      Object.assign(set, formatOf(value));
    } else if (field === 'json_schema') {
      set[field] = typeof value === 'string' ? value : JSON.stringify(value);
    } else if (isParameter(name) && value !== null) {
      set[name] = name === 'max_new_tokens' && value === -1 ? 0 : value;
    }
  }
  for (const [name, value] of Object.entries(set)) {
    const problem = isParameter(name) ? valueProblem(parameters[name], value) : null;
    if (problem !== null) throw badField(name, problem);
  }
  return { ...usual, max_new_tokens: 0, ...set } as Sampling;
}

function stops(field: string, value: unknown): string {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every((item) => typeof item === 'string' && item !== '')) {
    throw badField(field, 'This must be a text, or a list of texts.');
  }
  return JSON.stringify(list);
}

function formatOf(value: unknown): Record<string, unknown> {
  const format = value as { type?: unknown; json_schema?: { schema?: unknown } } | null;
  switch (format?.type) {
    case undefined:
    case 'text':
      return {};
    case 'json_object':
      return { json_schema: JSON.stringify({ type: 'object' }) };
    case 'json_schema':
      if (format?.json_schema?.schema === undefined)
        throw badField('response_format', 'It has no json_schema.schema.');
      return { json_schema: JSON.stringify(format.json_schema.schema) };
    default:
      throw badField('response_format', 'It is text, json_object or json_schema.');
  }
}
