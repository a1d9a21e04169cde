/** Owns what a beginner may ask first. */
import { t } from '../../preload/contract/language.js';
export const examples = [
  t('Explain in three sentences how rain forms.'),
  t('Write a short poem about llamas in the Andes.'),
  t('Give me five ideas for a quick vegetarian dinner.'),
  t('Write a Python function that reverses a list.'),
] as const;
