/** Owns how the text of a parameter must be written; free of imports, so that the page stays small. */

/** What is wrong with a text, in a sentence for the user; null when nothing is. */
type Check = (text: string) => string | null;

export const textFormats = {
  free: () => null,
  strings: (text) =>
    parseStrings(text) === null
      ? 'Put each one in quotation marks, with commas between: "one", "two".'
      : null,
} as const satisfies Record<string, Check>;

export type TextFormat = keyof typeof textFormats;

/** Strings written as in text-generation-webui, `"one", "\n"`: JSON with or without the brackets; null when it is not that. */
function parseStrings(text: string): readonly string[] | null {
  const list = text.trim();
  try {
    const parsed: unknown = JSON.parse(list.startsWith('[') ? list : `[${list}]`);
    return Array.isArray(parsed) && parsed.every((item) => typeof item === 'string') ? parsed : null;
  } catch {
    return null;
  }
}
