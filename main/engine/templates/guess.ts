/** Owns what names and vocabularies say of a model's family; never decides against what a file carries. */

export type Guess = {
  readonly id: string;
  /** In words, what it was guessed from. */
  readonly reason: string;
};

/** Tried in order on names like `vicuna-7b-v1.5`: the more particular ones stand first. */
const nameRules: readonly (readonly [RegExp, string, string])[] = [
  [
    /wizard-?lm.*(?:13|30|33|70)b|wizard-?vicuna/,
    'vicuna-v1.1',
    'WizardLM, which was trained in the Vicuna form',
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

/** @param where what carries the name, for the reason: `file name` */
export function nameCallsFor(name: string, where: string): Guess | null {
  const plain = name.toLowerCase().replace(/[\s_-]+/g, '-');
  const rule = nameRules.find(([pattern]) => pattern.test(plain));
  return rule === undefined ? null : { id: rule[1], reason: `The ${where} says ${rule[2]}.` };
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
    : { id: rule[1], reason: `The vocabulary of the model has ${rule[0]}, a mark of ${rule[2]}.` };
}
