/** Owns how the text of a parameter must be written, and what it says; free of zod, so that the page stays small. */
import { t } from './language.js';
import { gbnfProblem } from './gbnf.js';
import { jsonSchemaProblem } from './json-schema.js';

/** What is wrong with a text, in a sentence for the user; null when nothing is. */
type Check = (text: string) => string | null;

export const textFormats = {
  free: () => null,
  strings: (text) =>
    parseStrings(text) === null
      ? t('Put each one in quotation marks, with commas between: "one", "two".')
      : null,
  ids: (text) =>
    parseIds(text) === null ? t('Write the numbers of tokens with commas between: 50, 1024.') : null,
  biases: (text) =>
    parseBiases(text) === null
      ? t(
          'Write a token’s number or text in quotation marks and a number from -100 to 100: " llama": 5, "198": -100.',
        )
      : null,
  gbnf: gbnfProblem,
  'json-schema': jsonSchemaProblem,
} as const satisfies Record<string, Check>;

export type TextFormat = keyof typeof textFormats;

/** Strings written as in text-generation-webui, `"one", "\n"`: JSON with or without the brackets; null when it is not that. */
export function parseStrings(text: string): readonly string[] | null {
  const list = text.trim();
  try {
    const parsed: unknown = JSON.parse(list.startsWith('[') ? list : `[${list}]`);
    return Array.isArray(parsed) && parsed.every((item) => typeof item === 'string') ? parsed : null;
  } catch {
    return null;
  }
}

/** Token numbers with commas between; null when it is not that. */
export function parseIds(text: string): readonly number[] | null {
  if (text.trim() === '') return [];
  const ids = text.split(',').map((id) => (/^\s*\d+\s*$/.test(id) ? Number(id) : -1));
  return ids.includes(-1) ? null : ids;
}

/** What is added to the logits of tokens, as in OpenAI's `logit_bias`: JSON with or without the braces; null when it is not that. */
export function parseBiases(text: string): ReadonlyMap<string, number> | null {
  const map = text.trim();
  try {
    const parsed: unknown = JSON.parse(map.startsWith('{') ? map : `{${map}}`);
    const entries = Object.entries(parsed as object);
    const good = entries.every(
      ([token, bias]) => token !== '' && typeof bias === 'number' && Math.abs(bias) <= 100,
    );
    return good ? new Map(entries) : null;
  } catch {
    return null;
  }
}
