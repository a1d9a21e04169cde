/** Owns the list of the catalogue's families. */

/** In the order of their history; the starters are small models of the same architecture from later years. */
export const catalogueFamilies = [
  'LLaMA',
  'Alpaca',
  'Vicuna',
  'Koala',
  'GPT4-x-Alpaca',
  'WizardLM',
  'OpenAssistant',
  'Starters',
] as const;

export type CatalogueFamily = (typeof catalogueFamilies)[number];
