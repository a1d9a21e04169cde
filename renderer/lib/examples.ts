/** Owns what a beginner may ask first. */
export const examples = [
  'Explain in three sentences how rain forms.',
  'Write a short poem about llamas in the Andes.',
  'Give me five ideas for a quick vegetarian dinner.',
  'Write a Python function that reverses a list.',
] as const;
