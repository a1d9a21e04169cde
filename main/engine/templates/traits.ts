/** Owns reading from a model file what a template is chosen by. */
import type { GgufHeader } from '../gguf.js';
import type { ModelTraits } from './choose.js';

/** Keys of GGUF (ggml's docs/gguf.md) that name a model, most telling first. */
const nameKeys: readonly (readonly [string, string])[] = [
  ['general.name', 'name in the file'],
  ['general.basename', 'base name in the file'],
  ['general.finetune', 'fine-tune named in the file'],
  ['general.base_model.0.name', 'model that it was made from'],
  ['general.base_model.0.repo_url', 'address of the model that it was made from'],
];

/** @param fileName without folder and ending */
export function modelTraits(
  { metadata }: Pick<GgufHeader, 'metadata'>,
  fileName: string,
  marks: Pick<ModelTraits, 'bosText' | 'eosText' | 'hasToken'>,
): ModelTraits {
  const text = (key: string): string | null => {
    const value = metadata.get(key);
    return typeof value === 'string' && value.trim() !== '' ? value : null;
  };
  return {
    ...marks,
    chatTemplate: text('tokenizer.chat_template'),
    names: nameKeys.flatMap(([key, where]) => {
      const name = text(key);
      return name === null ? [] : [{ where, text: name }];
    }),
    fileName,
  };
}
