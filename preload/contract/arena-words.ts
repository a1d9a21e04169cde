/** Owns the words of comparisons and duels that page and main share; free of zod, so that the page stays small. */

/** What a reply is judged by, besides the vote; each from 1 to 5. After the people who judged WizardLM blind. */
export const aspects = ['relevance', 'knowledge', 'reasoning', 'calculation', 'accuracy'] as const;
export type Aspect = (typeof aspects)[number];

/** The left side, the right side, neither of two good ones, neither of two bad ones. */
export const choices = ['a', 'b', 'tie', 'both-bad'] as const;
export type Choice = (typeof choices)[number];

/** Columns that are compared side by side, at most. */
export const mostColumns = 4;
/** Contestants that the two of a duel are drawn from, at most. */
export const mostContestants = 8;

/** The voter who sits at the screen; others are models. */
export const userVoter = 'user';

/** Kinds of prompts; a prompt may have any other. Of one that says nothing, the first. */
export const categories = [
  'general',
  'writing',
  'reasoning',
  'calculation',
  'coding',
  'knowledge',
  'instructions',
] as const;

/** What a contestant is called: its model, and what of preset and template is chosen. */
export function contestantLabel(contestant: {
  readonly modelName: string;
  readonly presetName: string;
  readonly templateName: string;
}): string {
  const { modelName, presetName, templateName } = contestant;
  return [modelName, presetName, templateName].filter((part) => part !== '').join(' · ');
}
