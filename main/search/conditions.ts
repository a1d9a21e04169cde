/** Owns the SQL of a query: what FTS5 is asked for, and the conditions of the filters; never runs it. */
import type { Filter, Term } from '../../preload/contract/search-query.js';
import { soughtTerm } from './matches.js';
import { indexedWord, wordsOf } from './words.js';

/** An SQL condition with its values. */
export type Condition = { readonly sql: string; readonly values: readonly (string | number)[] };

/**
 * A term as an FTS5 phrase; null when it has no words. Only what we put around the words has a meaning to FTS5.
 * @see https://www.sqlite.org/fts5.html#full_text_query_syntax
 */
export function phraseOf(term: Term): string | null {
  const words = wordsOf(term.text).map(({ start, end }) => indexedWord(term.text.slice(start, end)));
  if (words.length === 0) return null;
  return `"${words.join(' ')}"${soughtTerm(term).isOpen ? ' *' : ''}`;
}

/** What FTS5 is asked for. */
export type Expression = {
  /** All of it must be in a text, and nothing of what is excluded; null when there is nothing that must. */
  readonly required: string | null;
  /** The same with the words of phrases one by one: what has no phrase is found soon, and looked at by itself. */
  readonly words: string | null;
  /** Any of it must not be in a text; null when there is nothing. */
  readonly excluded: string | null;
};

export function expressionOf(terms: readonly Term[]): Expression {
  const phrases = (isExcluded: boolean) =>
    terms
      .filter((term) => term.isExcluded === isExcluded)
      .map(phraseOf)
      .filter((phrase) => phrase !== null);
  const [wanted, unwanted] = [phrases(false), phrases(true)];
  const excluded = unwanted.length === 0 ? null : unwanted.join(' OR ');
  if (wanted.length === 0) return { required: null, words: null, excluded };
  const all = wanted.join(' AND ');
  const but = (expression: string) => (excluded === null ? expression : `(${expression}) NOT (${excluded})`);
  return { required: but(all), words: but(wanted.map(singleWords).join(' AND ')), excluded };
}

/** A phrase of `phraseOf` as its words, all of which must be there. */
const singleWords = (phrase: string): string => phrase.replaceAll(' ', '" AND "').replace('" AND "*', ' *');

/** What holds for a message `m` and what for its chat `c`, besides the words. */
export function conditionsOf(filters: readonly Filter[]): { message: Condition; chat: Condition } {
  const isOfChat = ({ key }: Filter) => ['in', 'tag', 'character', 'is'].includes(key);
  return {
    message: allOf(filters.filter((filter) => !isOfChat(filter))),
    chat: allOf(filters.filter(isOfChat)),
  };
}

function allOf(filters: readonly Filter[]): Condition {
  const parts: Condition[] = [];
  const alternatives = new Map<string, Condition[]>();
  for (const filter of filters) {
    const condition = conditionOf(filter);
    const { key, isExcluded } = filter;
    if (isExcluded) parts.push({ sql: `NOT ifnull(${condition.sql}, 0)`, values: condition.values });
    else if (key === 'after' || key === 'before') parts.push(condition);
    else alternatives.set(key, [...(alternatives.get(key) ?? []), condition]);
  }
  for (const any of alternatives.values()) {
    parts.push({
      sql: `(${any.map(({ sql }) => sql).join(' OR ')})`,
      values: any.flatMap(({ values }) => values),
    });
  }
  return {
    sql: parts.map(({ sql }) => ` AND ${sql}`).join(''),
    values: parts.flatMap(({ values }) => values),
  };
}

function conditionOf({ key, value }: Filter): Condition {
  switch (key) {
    case 'role':
      return { sql: 'm.role = ?', values: [value] };
    case 'model':
      return { sql: 'instr(lower(m.model), ?) > 0', values: [value] };
    case 'after':
      return { sql: 'm.created_at >= ?', values: [value] };
    case 'before':
      return { sql: 'm.created_at < ?', values: [value] };
    case 'in':
      return {
        sql: 'c.folder_id IN (SELECT id FROM folders WHERE instr(fold(name), fold(?)) = 1)',
        values: [value],
      };
    case 'tag':
      return {
        sql: 'c.id IN (SELECT chat_id FROM chat_tags WHERE instr(fold(tag), fold(?)) = 1)',
        values: [value],
      };
    case 'character':
      return {
        sql: `c.character_id IN (SELECT id FROM characters WHERE json_valid(card)
          AND instr(fold(card ->> '$.name' || ' ' || ifnull(card ->> '$.nickname', '')), fold(?)) > 0)`,
        values: [value],
      };
    case 'is':
      return { sql: 'c.archived_at IS NOT NULL', values: [] };
  }
}
