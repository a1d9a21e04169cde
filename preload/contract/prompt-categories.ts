/** Owns the names and limits of what prompts are sorted by; free of zod, so that the page stays small. */

/** Of the set that comes with the app; sets of the user's own may have others. */
export const promptCategories = [
  'writing',
  'reasoning',
  'calculation',
  'coding',
  'knowledge',
  'instructions',
] as const;

/** Of a prompt that says none. */
export const otherCategory = 'other';

export const promptLimits = { categoryCharacters: 50, textCharacters: 100_000, prompts: 10_000 } as const;
