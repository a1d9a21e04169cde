/** Owns how the sampling parameters are shown: their groups, and in a sentence what each one does. */
import type { ParameterName } from '../../preload/contract/parameters.js';

export const parameterGroups: readonly {
  readonly title: string;
  readonly parameters: readonly { readonly name: ParameterName; readonly does: string }[];
}[] = [
  {
    title: 'Curve',
    parameters: [
      { name: 'temperature', does: 'How daring the choice of words is; 0 always takes the likeliest one.' },
    ],
  },
  {
    title: 'Cutoff',
    parameters: [
      { name: 'top_p', does: 'Keeps the likeliest words that together reach this probability; 1 keeps all.' },
      { name: 'top_k', does: 'Keeps this many of the likeliest words; 0 keeps all.' },
      { name: 'min_p', does: 'Drops words less likely than this share of the likeliest one; 0 drops none.' },
    ],
  },
  {
    title: 'Repetition',
    parameters: [
      { name: 'repetition_penalty', does: 'Makes words that occurred less likely; 1 changes nothing.' },
      { name: 'repetition_penalty_range', does: 'Tokens looked back at for repetition; 0 looks at all.' },
      { name: 'frequency_penalty', does: 'Lowers a word further each time it occurs.' },
      { name: 'presence_penalty', does: 'Lowers a word once when it has occurred at all.' },
    ],
  },
  {
    title: 'Reply',
    parameters: [
      { name: 'max_new_tokens', does: 'Ends a reply after so many tokens; 0 lets the model decide.' },
      { name: 'seed', does: 'The same seed gives the same reply; -1 draws a new one each time.' },
    ],
  },
];
