/** Owns whether a header describes a model that llama.cpp can take without failing an assertion; never reads a file. */
import { t } from '../../preload/contract/language.js';
import type { GgufHeader } from './gguf.js';
import { notGguf } from './gguf-errors.js';

/** `LLAMA_MAX_LAYERS` of llama.cpp. */
const maxLayers = 512;

/** @throws AppError model-not-gguf with what is wrong */
export function checkModel(header: GgufHeader): void {
  const { metadata, tensors } = header;
  const architecture = metadata.get('general.architecture');
  if (typeof architecture !== 'string') throw notGguf(t('it does not say what kind of model it is'));
  if (tensors.size === 0) throw notGguf(t('it has no weights'));
  if (architecture === 'llama') checkLlama(header);
}

/** Other architectures have hyperparameters of their own; llama.cpp checks those. */
function checkLlama({ metadata, tensors }: GgufHeader): void {
  const count = (key: string, max = Number.MAX_SAFE_INTEGER): number => {
    const value = metadata.get(`llama.${key}`);
    if (value === undefined) throw notGguf(t('its llama.{key} is missing', { key }));
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > max) {
      throw notGguf(t('its llama.{key} makes no sense ({value})', { key, value: String(value) }));
    }
    return value;
  };
  count('block_count', maxLayers);
  count('context_length');
  const width = count('embedding_length');
  const feedForward = count('feed_forward_length');
  const heads = count('attention.head_count', width);
  if (
    metadata.has('llama.attention.head_count_kv') &&
    heads % count('attention.head_count_kv', heads) !== 0
  ) {
    throw notGguf(t('its heads can’t be shared evenly by its KV heads'));
  }
  const fit = (name: string, rowLength: number) => {
    const found = tensors.get(name)?.[0];
    if (found !== undefined && found !== rowLength) {
      throw notGguf(
        t('the rows of {name} have {found} elements, where its description says {rowLength}', {
          name,
          found,
          rowLength,
        }),
      );
    }
  };
  if (!tensors.has('token_embd.weight')) throw notGguf(t('its token_embd.weight is missing'));
  fit('token_embd.weight', width);
  fit('blk.0.attn_q.weight', width);
  fit('blk.0.ffn_down.weight', feedForward);
}

/**
 * Whether each token has one text, one type and one embedding.
 * @param header read with the arrays of the vocabulary
 * @throws AppError model-not-gguf with what is wrong
 */
export function checkVocabulary({ metadata, tensors }: GgufHeader): void {
  if (metadata.get('tokenizer.ggml.model') === 'no_vocab') return;
  const tokens = metadata.get('tokenizer.ggml.tokens');
  if (!Array.isArray(tokens) || tokens.length === 0 || typeof tokens[0] !== 'string') {
    throw notGguf(t('it has no vocabulary'));
  }
  const types = metadata.get('tokenizer.ggml.token_type');
  if (types !== undefined && (!Array.isArray(types) || types.length < tokens.length)) {
    throw notGguf(t('the types of its tokens do not fit its vocabulary'));
  }
  const embeddings = tensors.get('token_embd.weight')?.[1];
  if (embeddings !== undefined && embeddings !== tokens.length) {
    throw notGguf(
      t('it has {count} tokens, but {embeddings} embeddings', { count: tokens.length, embeddings }),
    );
  }
  // llama.cpp names empty ones itself; what is no UTF-8 can't be told apart here.
  const names = tokens.filter((token) => token !== '' && !String(token).includes('\ufffd'));
  if (new Set(names).size !== names.length) throw notGguf(t('a token is in its vocabulary twice'));
}
