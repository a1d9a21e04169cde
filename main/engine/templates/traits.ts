/** Owns reading from a model file what a template is chosen by. */
import { msg, type Message } from '../../../preload/contract/language.js';
import type { GgufHeader } from '../gguf.js';
import type { ModelTraits } from './choose.js';

/** Keys of GGUF (ggml's docs/gguf.md) that name a model, most telling first, and the reason to give where one tells. */
const nameKeys: readonly (readonly [string, Message])[] = [
  ['general.name', msg('The name in the file says {family}.')],
  ['general.basename', msg('The base name in the file says {family}.')],
  ['general.finetune', msg('The fine-tune named in the file says {family}.')],
  ['general.base_model.0.name', msg('The model that it was made from says {family}.')],
  ['general.base_model.0.repo_url', msg('The address of the model that it was made from says {family}.')],
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
    names: nameKeys.flatMap(([key, reason]) => {
      const name = text(key);
      return name === null ? [] : [{ reason, text: name }];
    }),
    fileName,
  };
}
