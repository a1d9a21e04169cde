/**
 * Owns which entries of a lorebook join a prompt, as the card specifications (V2, V3) have it: by keys in the last
 * messages, by their order, within a budget. Never changes a book.
 */
import { usualLorebook } from '../../preload/contract/character-limits.js';
import type { Book, BookEntry } from '../../preload/contract/characters.js';

/** English text with the vocabularies of the LLaMA family has about four; the prompt as a whole is counted exactly. */
const charactersPerToken = 4;

export type Lore = {
  /** Before what the card says of the character, and after it; in the order of their numbers. */
  readonly before: readonly string[];
  readonly after: readonly string[];
};

export const estimatedTokens = (text: string): number => Math.ceil(text.length / charactersPerToken);

/**
 * @param messages the conversation, oldest first
 * @param expand fills in the macros of keys and contents
 */
export function loreOf(book: Book, messages: readonly string[], expand: (text: string) => string): Lore {
  const depth = Math.max(0, book.scan_depth ?? usualLorebook.scanDepth);
  const scanned = depth === 0 ? [] : messages.slice(-depth);
  const entries = book.entries
    .map((entry) => ({ entry, content: expand(entry.content).trim() }))
    .filter(({ entry, content }) => entry.enabled && content !== '');
  const active = new Set(entries.filter(({ entry }) => entry.constant === true));
  const texts = [...scanned];
  for (;;) {
    const found = entries.filter(
      (each) => !active.has(each) && isMentioned(each.entry, texts.join('\n'), expand),
    );
    for (const each of found) active.add(each);
    // What was found may mention more.
    if (book.recursive_scanning !== true || found.length === 0) break;
    texts.push(...found.map(({ content }) => content));
  }
  const fitting = withinBudget([...active], book.token_budget ?? usualLorebook.tokenBudget);
  const taken = entries
    .filter((each) => fitting.has(each))
    .sort((a, b) => a.entry.insertion_order - b.entry.insertion_order);
  const isAfter = ({ entry }: (typeof taken)[number]) => entry.position === 'after_char';
  return {
    before: taken.filter((each) => !isAfter(each)).map(({ content }) => content),
    after: taken.filter(isAfter).map(({ content }) => content),
  };
}

type Active = { readonly entry: BookEntry; readonly content: string };

/** The weightiest that fit: constant ones first, then by priority, then by their order. */
function withinBudget(active: readonly Active[], budget: number): ReadonlySet<Active> {
  const weight = ({ entry }: Active) => entry.priority ?? 0;
  const order = [...active].sort(
    (a, b) =>
      Number(b.entry.constant === true) - Number(a.entry.constant === true) ||
      weight(b) - weight(a) ||
      a.entry.insertion_order - b.entry.insertion_order,
  );
  let left = budget;
  const fitting = order.filter(({ content }) => {
    const cost = estimatedTokens(content);
    if (cost > left) return false;
    left -= cost;
    return true;
  });
  return new Set(fitting);
}

function isMentioned(entry: BookEntry, text: string, expand: (text: string) => string): boolean {
  // A regular expression of a stranger may never end: such keys are kept in the card, and not looked for.
  if (entry.use_regex === true) return false;
  const fold = (each: string) => (entry.case_sensitive === true ? each : each.toLowerCase());
  const where = fold(text);
  const has = (keys: readonly string[]) =>
    keys.some((key) => key.trim() !== '' && mentions(where, fold(expand(key).trim())));
  const second = entry.secondary_keys ?? [];
  return has(entry.keys) && (entry.selective !== true || second.length === 0 || has(second));
}

/** Whether a text has a word or phrase as a whole; in scripts without spaces, whether it has it at all. */
function mentions(text: string, key: string): boolean {
  const isLetter = (sign: string | undefined) =>
    sign !== undefined && /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}_]/u.test(sign);
  for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
    const end = at + key.length;
    const opens = !(isLetter(text[at]) && isLetter(text[at - 1]));
    const closes = !(isLetter(text[end - 1]) && isLetter(text[end]));
    if (opens && closes) return true;
  }
  return false;
}
