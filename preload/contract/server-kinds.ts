/**
 * Owns what is known of the kinds of servers: their names, what they can do, and what of our parameters they take under
 * which name. One table; free of zod, so that the page can say what does not apply.
 */
import type { ParameterName } from './parameters.js';

export const serverKinds = [
  'altiplano',
  'llama.cpp',
  'vllm',
  'ollama',
  'lm-studio',
  'text-generation-webui',
  'openai',
] as const;
export type ServerKind = (typeof serverKinds)[number];

/** Our parameter and the field of a request that it becomes. */
type Fields = { readonly [P in ParameterName]?: string };

/** OpenAI's own, which all of them take. */
const openAi = {
  temperature: 'temperature',
  do_sample: 'temperature',
  top_p: 'top_p',
  frequency_penalty: 'frequency_penalty',
  presence_penalty: 'presence_penalty',
  seed: 'seed',
  max_new_tokens: 'max_tokens',
  custom_stopping_strings: 'stop',
  logit_bias: 'logit_bias',
  custom_token_bans: 'logit_bias',
  json_schema: 'response_format',
} as const satisfies Fields;

/** OpenAI's without what works on the numbers of tokens. */
const { logit_bias: _bias, custom_token_bans: _bans, ...withoutTokens } = openAi;

/** Those of which a server takes each under its own name. */
const same = <P extends ParameterName>(...names: readonly P[]) =>
  Object.fromEntries(names.map((name) => [name, name])) as { readonly [K in P]: K };

/** llama.cpp's tools/server/README.md, “POST /completion”. */
const llamaCpp = {
  ...openAi,
  ...same('dynamic_temperature', 'dynatemp_low', 'dynatemp_high', 'dynatemp_exponent'),
  ...same('top_k', 'min_p', 'top_n_sigma', 'typical_p', 'xtc_threshold', 'xtc_probability'),
  ...same('dry_multiplier', 'dry_base', 'dry_allowed_length', 'dry_sequence_breakers'),
  ...same('mirostat_tau', 'mirostat_eta', 'adaptive_target', 'adaptive_decay'),
  repetition_penalty: 'repeat_penalty',
  repetition_penalty_range: 'repeat_last_n',
  mirostat_mode: 'mirostat',
  sampler_priority: 'samplers',
  temperature_last: 'samplers',
  ban_eos_token: 'ignore_eos',
  grammar_string: 'grammar',
  // Its API of texts does not have OpenAI's `response_format`.
  json_schema: 'json_schema',
} as const satisfies Fields;

/** text-generation-webui's names are ours; its extensions/openai/typing.py lists them. */
const textGenerationWebui = {
  ...openAi,
  ...same('dynamic_temperature', 'dynatemp_low', 'dynatemp_high', 'dynatemp_exponent'),
  ...same('smoothing_factor', 'smoothing_curve', 'top_k', 'min_p', 'top_n_sigma', 'typical_p'),
  ...same('xtc_threshold', 'xtc_probability', 'epsilon_cutoff', 'eta_cutoff', 'tfs', 'top_a'),
  ...same('repetition_penalty', 'repetition_penalty_range', 'encoder_repetition_penalty'),
  ...same('dry_multiplier', 'dry_allowed_length', 'dry_base', 'dry_sequence_breakers'),
  ...same('no_repeat_ngram_size', 'mirostat_mode', 'mirostat_tau', 'mirostat_eta'),
  ...same('adaptive_target', 'adaptive_decay', 'do_sample', 'temperature_last', 'sampler_priority'),
  ...same('guidance_scale', 'negative_prompt', 'max_tokens_second', 'prompt_lookup_num_tokens'),
  ...same('custom_token_bans', 'ban_eos_token', 'add_bos_token', 'skip_special_tokens', 'grammar_string'),
  json_schema: 'grammar_string',
} as const satisfies Fields;

/** vLLM's docs, “OpenAI-Compatible Server”, extra parameters. */
const vllm = {
  ...openAi,
  ...same('top_k', 'min_p', 'repetition_penalty', 'skip_special_tokens'),
  ban_eos_token: 'ignore_eos',
  add_bos_token: 'add_special_tokens',
  banned_strings: 'bad_words',
} as const satisfies Fields;

export type KnownServer = {
  readonly label: string;
  readonly fields: Fields;
  /** Whether it goes on with a text as it stands; null = it depends on the server. Ollama puts its own template around it. */
  readonly completes: boolean | null;
  /** Whether it ends a reply only where the model does, when a request names no limit. */
  readonly hasNoLimit: boolean;
  /** What it counts tokens by. */
  readonly tokenize: 'llama.cpp' | 'vllm' | null;
  /** Fields with which a last message of the assistant is gone on with. */
  readonly goOn: Readonly<Record<string, boolean>>;
};

export const knownServers: { readonly [K in ServerKind]: KnownServer } = {
  altiplano: {
    label: 'Altiplano',
    // Every parameter by its own name.
    fields: {
      ...textGenerationWebui,
      ...same('banned_strings', 'grammar_string', 'json_schema', 'custom_stopping_strings', 'logit_bias'),
    },
    ...{ completes: true, hasNoLimit: true, tokenize: 'llama.cpp', goOn: {} },
  },
  'llama.cpp': {
    label: 'llama.cpp',
    fields: llamaCpp,
    ...{ completes: true, hasNoLimit: true, tokenize: 'llama.cpp', goOn: {} },
  },
  vllm: {
    label: 'vLLM',
    fields: vllm,
    ...{ completes: true, hasNoLimit: false, tokenize: 'vllm' },
    goOn: { continue_final_message: true, add_generation_prompt: false },
  },
  ollama: {
    label: 'Ollama',
    fields: withoutTokens,
    ...{ completes: false, hasNoLimit: true, tokenize: null, goOn: {} },
  },
  'lm-studio': {
    label: 'LM Studio',
    fields: { ...openAi, top_k: 'top_k', repetition_penalty: 'repeat_penalty' },
    ...{ completes: true, hasNoLimit: false, tokenize: null, goOn: {} },
  },
  'text-generation-webui': {
    label: 'text-generation-webui',
    fields: textGenerationWebui,
    ...{ completes: true, hasNoLimit: false, tokenize: null, goOn: { continue_: true } },
  },
  openai: {
    label: 'OpenAI-compatible',
    fields: openAi,
    ...{ completes: null, hasNoLimit: false, tokenize: null, goOn: {} },
  },
};

/** Whether a kind of server is told a parameter. */
export const takes = (kind: ServerKind, name: ParameterName): boolean => name in knownServers[kind].fields;
