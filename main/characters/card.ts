/**
 * Owns character cards as objects of JSON: V1 (fields side by side), V2 and V3 (`spec`, `data`), and the characters of
 * text-generation-webui and Pygmalion. Whatever is not known here is kept and written again; never touches a file.
 */
import { t } from '../../preload/contract/language.js';
import type { z } from 'zod';
import { characterLimits } from '../../preload/contract/character-limits.js';
import { bookEntrySchema, bookSchema, cardSchema, type Card } from '../../preload/contract/characters.js';
import { AppError } from '../../preload/contract/errors.js';

type Fields = Readonly<Record<string, unknown>>;

export type ReadCard = {
  readonly card: Card;
  /** What stood beside the card. */
  readonly beside: Fields;
  /** A sentence for each thing that could not be taken. */
  readonly problems: readonly string[];
};

/** Where fields of text-generation-webui that have no place in a card are kept. */
export const webuiExtension = 'text_generation_webui';

/** V1, and what V2 and V3 files repeat beside the card for programs that know V1 only. */
const v1Fields = ['name', 'description', 'personality', 'scenario', 'first_mes', 'mes_example'];
/** Fields of V3 alone (CHARACTER_CARD_V3, section "CharacterCardV3 Object"). */
const v3Fields = [
  'assets',
  'nickname',
  'creator_notes_multilingual',
  'source',
  'group_only_greetings',
  'creation_date',
  'modification_date',
];

/**
 * Reads a card from what a file holds.
 * @param name of the file, for messages and for a character without a name
 * @throws AppError bad-input when it is no character
 */
export function readCard(name: string, value: unknown): ReadCard {
  if (!isFields(value)) throw notACard(name);
  if (depth(value) > characterLimits.depth) {
    throw notACard(
      name,
      t('Its values lie more than {depth} deep in one another.', { depth: characterLimits.depth }),
    );
  }
  if (isFields(value['data'])) {
    const { spec: _, spec_version: __, data, ...rest } = value;
    const beside = Object.fromEntries(Object.entries(rest).filter(([key]) => !v1Fields.includes(key)));
    return { ...parseCard(name, withoutEmptyGroup(data as Fields)), beside };
  }
  if ('char_name' in value) return { ...parseCard(name, fromPygmalion(value)), beside: {} };
  if ('context' in value || ('greeting' in value && !('first_mes' in value))) {
    return { ...parseCard(name, fromWebui(name, value)), beside: {} };
  }
  if (!v1Fields.some((field) => field !== 'name' && field in value)) throw notACard(name);
  return { ...parseCard(name, value), beside: {} };
}

/** @param version 2, or 3; absent = the one that has all that the card has */
export function writeCard({ card, beside }: Omit<ReadCard, 'problems'>, version?: 2 | 3): Fields {
  const needed = version ?? (v3Fields.some((field) => field in card) ? 3 : 2);
  return needed === 2
    ? { ...beside, spec: 'chara_card_v2', spec_version: '2.0', data: card }
    : {
        ...beside,
        ...{ spec: 'chara_card_v3', spec_version: '3.0' },
        data: { group_only_greetings: [], ...card },
      };
}

/** V3 wants the list also where it is empty; a card that never had it is the same card. */
function withoutEmptyGroup(data: Fields): Fields {
  const { group_only_greetings: list, ...rest } = data;
  return Array.isArray(list) && list.length === 0 ? rest : data;
}

/** Each field by itself: one of a wrong kind is told and left out, and hides no other. */
function parseCard(fileName: string, data: Fields): Omit<ReadCard, 'beside'> {
  const problems: string[] = [];
  const given = present(data);
  const { character_book: book, ...others } = given;
  const fields = readFields(cardSchema, others, '', problems);
  if (typeof fields['name'] !== 'string' || fields['name'].trim() === '') {
    fields['name'] = fileName.slice(0, characterLimits.nameCharacters);
    problems.push(t('The character has no name, so it has that of the file.'));
  }
  if (book !== undefined) {
    if (isFields(book)) fields['character_book'] = readBook(book, problems);
    else problems.push(t('character_book: this is no lorebook.'));
  }
  const card = cardSchema.parse(fields);
  if (Buffer.byteLength(JSON.stringify(card)) > characterLimits.cardBytes) {
    throw notACard(
      fileName,
      t('It has more than {size} MB of text.', { size: characterLimits.cardBytes / 1e6 }),
    );
  }
  return { card, problems };
}

function readBook(book: Fields, problems: string[]): unknown {
  const { entries, ...others } = present(book);
  const fields = readFields(bookSchema, others, 'character_book.', problems);
  // Some programs write a table of entries by number.
  const list = Array.isArray(entries) ? entries : isFields(entries) ? Object.values(entries) : [];
  if (entries !== undefined && !Array.isArray(entries) && !isFields(entries)) {
    problems.push(t('character_book.entries: this is no list.'));
  }
  if (list.length > characterLimits.entries) {
    throw notACard(
      t('The lorebook'),
      t('It has more than {most} entries.', { most: characterLimits.entries }),
    );
  }
  fields['entries'] = list.flatMap((entry: unknown, index) => {
    if (isFields(entry)) {
      return [readFields(bookEntrySchema, present(entry), `character_book.entries[${index}].`, problems)];
    }
    problems.push(t('character_book.entries[{index}]: this is no entry.', { index }));
    return [];
  });
  return fields;
}

function readFields(
  schema: z.ZodObject,
  fields: Fields,
  path: string,
  problems: string[],
): Record<string, unknown> {
  const taken: [string, unknown][] = [];
  for (const [key, value] of Object.entries(fields)) {
    const field = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
    const read = field?.safeParse(value);
    if (read === undefined) taken.push([key, value]);
    else if (read.success) taken.push([key, read.data]);
    else
      problems.push(
        t('{path}{key}: this is of the wrong kind or too long, and was left out.', { path, key }),
      );
  }
  return Object.fromEntries(taken);
}

/** Null says nothing, as if the field were not there. */
const present = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([key, value]) => value !== null && key !== '__proto__'));

/** Keys of the JSON files that Pygmalion's programs wrote. */
function fromPygmalion(value: Fields): Fields {
  const { char_name, char_persona, char_greeting, world_scenario, example_dialogue, ...rest } = value;
  return {
    ...rest,
    name: char_name,
    description: char_persona,
    first_mes: char_greeting,
    scenario: world_scenario,
    mes_example: example_dialogue,
  };
}

function fromWebui(fileName: string, value: Fields): Fields {
  const { name = fileName, context, greeting, example_dialogue, ...rest } = value;
  return {
    ...{ name, description: context, first_mes: greeting, mes_example: example_dialogue },
    ...(Object.keys(rest).length === 0 ? {} : { extensions: { [webuiExtension]: rest } }),
  };
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How deep values lie in one another; stops counting where it is too deep. */
function depth(value: unknown, level = 0): number {
  if (typeof value !== 'object' || value === null || level > characterLimits.depth) return level;
  return Object.values(value).reduce<number>((most, each) => Math.max(most, depth(each, level + 1)), level);
}

export function notACard(name: string, why = t('None of the fields of a character is in it.')): AppError {
  return new AppError({
    code: 'bad-input',
    message: t('“{name}” is no character that can be read.', { name }),
    hint: t('{why} Nothing was changed.', { why }),
  });
}
