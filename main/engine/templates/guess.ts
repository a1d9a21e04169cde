/** Owns what names and vocabularies say of a model's family; never decides against what a file carries. */
import { msg, t, type Message } from '../../../preload/contract/language.js';

export type Guess = {
  readonly id: string;
  /** In words, what it was guessed from. */
  readonly reason: string;
};

/* eslint-disable altiplano/no-loose-text -- names of families */
/** Tried in order on names like `vicuna-7b-v1.5`: the more particular ones stand first. */
const nameRules: readonly (readonly [RegExp, string, string | Message])[] = [
  [
    /wizard-?lm.*(?:13|30|33|70)b|wizard-?vicuna/,
    'vicuna-v1.1',
    msg('WizardLM, which was trained in the Vicuna form'),
  ],
  [/wizard-?lm/, 'wizardlm-7b', 'WizardLM 7B'],
  [/alpaca/, 'alpaca', 'Alpaca'],
  [/vicuna.*-v0(?!\.?\d)/, 'vicuna-v0', 'Vicuna v0'],
  [/vicuna/, 'vicuna-v1.1', 'Vicuna'],
  [/koala/, 'koala', 'Koala'],
  [/codellama.*oasst|chatml/, 'chatml', 'ChatML'],
  [/(?:oasst|open-?assistant).*(?:orca|llama-?2)/, 'oasst-llama2-orca', 'OpenAssistant Orca'],
  [/oasst|open-?assistant/, 'oasst-llama', 'OpenAssistant'],
  [/tinyllama.*chat|zephyr/, 'tinyllama-zephyr', 'TinyLlama Chat'],
  [/llama-?3.*instruct/, 'llama3.2', 'Llama 3 Instruct'],
  [/llama-?2.*chat/, 'llama2-chat', 'Llama 2 Chat'],
  [/smollm2.*instruct/, 'chatml-smollm2', 'SmolLM2'],
];
/* eslint-enable altiplano/no-loose-text */

/** @param reason says what carries the name, and of which `{family}` it is */
export function nameCallsFor(name: string, reason = msg('The file name says {family}.')): Guess | null {
  const plain = name.toLowerCase().replace(/[\s_-]+/g, '-');
  const rule = nameRules.find(([pattern]) => pattern.test(plain));
  return rule === undefined ? null : { id: rule[1], reason: t(reason, { family: t(rule[2]) }) };
}

/** Marks that only models trained with them have. Llama 3's are in its base models too and say nothing. */
const markRules = [
  ['<|prompter|>', 'oasst-llama', 'OpenAssistant'],
  ['<|im_start|>', 'chatml', 'ChatML'],
] as const;

export function vocabularyCallsFor(hasToken: (text: string) => boolean): Guess | null {
  const rule = markRules.find(([mark]) => hasToken(mark));
  return rule === undefined
    ? null
    : {
        id: rule[1],
        reason: t('The vocabulary of the model has {mark}, a mark of {family}.', {
          mark: rule[0],
          family: rule[2],
        }),
      };
}
