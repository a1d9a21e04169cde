/** Owns how large prompts of a set may be; free of zod, so that the page stays small. */

export const promptLimits = { categoryCharacters: 60, textCharacters: 100_000, prompts: 10_000 } as const;
