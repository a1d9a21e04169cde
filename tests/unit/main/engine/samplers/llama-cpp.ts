/** Owns calling llama.cpp's own samplers, in the library that the engine ships, as the reference for ours. Fails where it can't. */
import koffi from 'koffi';
import type { Candidates } from '../../../../../main/engine/samplers/candidates.js';
import { nativeLibrary } from '../../../../../main/models/forge/native-library.js';

const tokenData = koffi.struct('llama_token_data', { id: 'int32_t', logit: 'float', p: 'float' });
koffi.struct('llama_token_data_array', {
  data: 'llama_token_data *',
  size: 'size_t',
  selected: 'int64_t',
  sorted: 'bool',
});
koffi.struct('llama_model_params', {
  devices: 'void *',
  tensor_buft_overrides: 'void *',
  n_gpu_layers: 'int32_t',
  split_mode: 'int32_t',
  load_mode: 'int32_t',
  lazy_mode: 'int32_t',
  main_gpu: 'int32_t',
  tensor_split: 'void *',
  progress_callback: 'void *',
  progress_callback_user_data: 'void *',
  kv_overrides: 'void *',
  vocab_only: 'bool',
  check_tensors: 'bool',
  use_extra_bufts: 'bool',
  no_host: 'bool',
  no_alloc: 'bool',
  load_mtp: 'bool',
});

const library = koffi.load(nativeLibrary('llama'));
const declare = (signature: string) => library.func(signature);
const init = {
  top_k: declare('void *llama_sampler_init_top_k(int32_t k)'),
  top_p: declare('void *llama_sampler_init_top_p(float p, size_t min_keep)'),
  min_p: declare('void *llama_sampler_init_min_p(float p, size_t min_keep)'),
  typical: declare('void *llama_sampler_init_typical(float p, size_t min_keep)'),
  temp: declare('void *llama_sampler_init_temp(float t)'),
  temp_ext: declare('void *llama_sampler_init_temp_ext(float t, float delta, float exponent)'),
  xtc: declare('void *llama_sampler_init_xtc(float p, float t, size_t min_keep, uint32_t seed)'),
  top_n_sigma: declare('void *llama_sampler_init_top_n_sigma(float n)'),
  mirostat: declare(
    'void *llama_sampler_init_mirostat(int32_t n_vocab, uint32_t seed, float tau, float eta, int32_t m)',
  ),
  mirostat_v2: declare('void *llama_sampler_init_mirostat_v2(uint32_t seed, float tau, float eta)'),
  penalties: declare(
    'void *llama_sampler_init_penalties(int32_t n_vocab, int32_t last_n, float repeat, float freq, float present)',
  ),
  dry: declare(
    'void *llama_sampler_init_dry(void *vocab, float multiplier, float base, int32_t allowed_length, int32_t last_n, const char **breakers, size_t count)',
  ),
  adaptive_p: declare('void *llama_sampler_init_adaptive_p(float target, float decay, uint32_t seed)'),
};
const apply = declare('void llama_sampler_apply(void *sampler, _Inout_ llama_token_data_array *candidates)');
const accept = declare('void llama_sampler_accept(void *sampler, int32_t token)');
const free = declare('void llama_sampler_free(void *sampler)');

export type Applied = Candidates & { readonly selected: number | null };

/** One sampler of llama.cpp with its state. */
export class LlamaSampler {
  readonly #pointer: unknown;

  constructor(name: keyof typeof init, ...parameters: readonly unknown[]) {
    this.#pointer = init[name](...parameters);
    if (this.#pointer === null) throw new Error(`llama.cpp made no sampler ${name}`);
  }

  accept(...tokens: readonly number[]): this {
    for (const token of tokens) accept(this.#pointer, token);
    return this;
  }

  /** What is left of the candidates, likeliest first, and the token that the sampler picked if it picks. */
  apply({ tokens, logits }: Candidates): Applied {
    const memory = koffi.alloc(tokenData, tokens.length);
    koffi.encode(
      memory,
      koffi.array(tokenData, tokens.length),
      tokens.map((id, index) => ({ id, logit: logits[index], p: 0 })),
    );
    const array = { data: memory, size: tokens.length, selected: -1, sorted: false };
    apply(this.#pointer, array);
    const left = koffi.decode(array.data, koffi.array(tokenData, Number(array.size))) as {
      id: number;
      logit: number;
    }[];
    const selected = left[Number(array.selected)]?.id ?? null;
    koffi.free(memory);
    const kept = left.filter(({ logit }) => logit !== -Infinity).sort((a, b) => b.logit - a.logit);
    return { tokens: kept.map(({ id }) => id), logits: kept.map(({ logit }) => logit), selected };
  }

  free(): void {
    free(this.#pointer);
  }
}

/** The vocabulary of a model file, as llama.cpp reads it. */
export class LlamaVocabulary {
  readonly pointer: unknown;
  readonly #model: unknown;

  constructor(file: string) {
    declare('void llama_log_set(void *callback, void *data)')(null, null);
    const parameters: object = declare('llama_model_params llama_model_default_params()')();
    const load = declare('void *llama_model_load_from_file(const char *path, llama_model_params params)');
    const model: unknown = load(file, { ...parameters, vocab_only: true });
    if (model === null) throw new Error(`llama.cpp could not read the vocabulary of ${file}`);
    this.#model = model;
    this.pointer = declare('void *llama_model_get_vocab(void *model)')(this.#model);
  }

  /** Text of each token. */
  texts(): string[] {
    const toText = declare(
      'int32_t llama_token_to_piece(void *vocab, int32_t token, _Out_ uint8_t *buffer, int32_t length, int32_t lstrip, bool special)',
    );
    const count = Number(declare('int32_t llama_vocab_n_tokens(void *vocab)')(this.pointer));
    const buffer = Buffer.alloc(1024);
    return Array.from({ length: count }, (_, token) => {
      const length = Number(toText(this.pointer, token, buffer, buffer.length, 0, true));
      return buffer.toString('utf8', 0, length);
    });
  }

  tokenize(text: string): number[] {
    const bytes = Buffer.from(text);
    const tokens = new Int32Array(bytes.length + 8);
    const count = Number(
      declare(
        'int32_t llama_tokenize(void *vocab, const uint8_t *text, int32_t length, _Out_ int32_t *tokens, int32_t max, bool add_special, bool parse_special)',
      )(this.pointer, bytes, bytes.length, tokens, tokens.length, false, false),
    );
    return [...tokens.slice(0, count)];
  }

  free(): void {
    declare('void llama_model_free(void *model)')(this.#model);
  }
}
