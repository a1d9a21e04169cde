/** Owns what the name of a GGML file says: the model's name without what was added around it, its family and its base. */
import { t } from '../../../preload/contract/language.js';
import { basename } from 'node:path';
import { nameCallsFor, type Guess } from '../../engine/templates/guess.js';
import type { Container } from './legacy-file.js';

/** What the names of such files carry besides the model's: container, quantisation, what they were made with. */
const around =
  /^ggml[-_]?|[-_.]?ggml(?:v\d)?(?=[-_.]|$)|[-_.]?(?:q\d(?:_\d|_k(?:_[sml])?)?|f16|f32|4bit)(?=[-_.]|$)|\.bin(?:\.\d+)?$/gi;

/** @returns the name of the model: `koala-7B` of `koala-7B.ggmlv3.q4_0.bin` */
export function legacyName(path: string): string {
  const file = basename(path);
  const name = file
    .replace(/\.bin(?:\.\d+)?$/i, '')
    .replace(around, '')
    .replace(/^[-_.]+|[-_.]+$/g, '');
  return name === '' || /^model$/i.test(name) ? file.replace(/\.bin$/i, '') : name;
}

/** The family that the name calls for, as engine/templates has it; null where it says none. */
export function legacyFamily(name: string, container: Container): Guess | null {
  const guess = nameCallsFor(name);
  // v1.1 was made in April 2023 and always called so; the files before ggjt v2 (May) are otherwise of the first release.
  const isUnversioned =
    guess?.id === 'vicuna-v1.1' && /vicuna/i.test(name) && !/1[._]\d|rev1|wizard/i.test(name);
  if (isUnversioned && (container === 'ggml' || container === 'ggmf v1' || container === 'ggjt v1')) {
    return {
      id: 'vicuna-v0',
      reason: t(
        'The file name says Vicuna without a version, in a container ({container}) from before May 2023.',
        { container },
      ),
    };
  }
  return guess;
}

/** Whether the name says that the model was made from Llama 2. */
export function saysLlama2(name: string): boolean {
  return /llama[-_ ]?2|v1[._]5|orca-8k-3319/i.test(name);
}
