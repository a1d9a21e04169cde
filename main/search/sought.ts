/** Owns a query made ready to be run: its words, its SQL, and what only a look at a text can tell; never runs it. */
import type { SearchQuery } from '../../preload/contract/search-query.js';
import { conditionsOf, expressionOf, type Condition, type Expression } from './conditions.js';
import { soughtTerm, type SoughtTerm } from './matches.js';
import { wordsOf } from './words.js';

export type Sought = {
  readonly expression: Expression;
  /** What must be there. */
  readonly terms: readonly SoughtTerm[];
  /** All terms as they were typed, in a row; null when that says nothing new. */
  readonly verbatim: string | null;
  /** Whether a text has the signs that no index has, as `->`, and lacks those it must not have. */
  accepts(text: string): boolean;
  readonly message: Condition;
  readonly chat: Condition;
};

export type MessageRow = {
  readonly doc: number;
  readonly id: string;
  readonly chat_id: string;
  readonly role: 'user' | 'assistant';
  readonly model: string | null;
  readonly created_at: number;
  readonly text: string;
};

export function soughtBy({ terms, filters }: SearchQuery): Sought {
  const wanted = terms.filter(({ isExcluded }) => !isExcluded);
  const typed = wanted.map(({ text }) => text.toLowerCase()).join(' ');
  const signs = terms
    .filter(({ text }) => wordsOf(text).length === 0)
    .map(({ text, isExcluded }) => ({ text: text.toLowerCase(), isExcluded }));
  return {
    expression: expressionOf(terms),
    terms: wanted.map(soughtTerm),
    verbatim: wanted.length > 1 || /[^\p{L}\p{N}]/u.test(typed) ? typed : null,
    accepts: (text) =>
      signs.length === 0 ||
      signs.every(({ text: sign, isExcluded }) => text.toLowerCase().includes(sign) !== isExcluded),
    ...conditionsOf(filters),
  };
}

/** Of a very long message only so much is read to rank it. */
const readLength = 200_000;
const columns = `m.rowid AS doc, m.id, m.chat_id, m.role, m.model, m.created_at,
  substr(m.text, 1, ${readLength}) AS text`;

/** Messages of a stretch that fit, newest first: with words the index leads, without them the messages themselves. */
export function messagesSql({ expression: { required, excluded }, message, chat }: Sought): string {
  const alive = `m.deleted_at IS NULL AND c.deleted_at IS NULL${message.sql}${chat.sql}`;
  if (required !== null) {
    return `SELECT ${columns} FROM search_index i
      CROSS JOIN messages m ON m.rowid = i.rowid CROSS JOIN chats c ON c.id = m.chat_id
      WHERE search_index MATCH ? AND i.rowid BETWEEN ? AND ? AND ${alive} ORDER BY i.rowid DESC`;
  }
  const allowed =
    excluded === null
      ? ''
      : ' AND m.rowid NOT IN (SELECT rowid FROM search_index WHERE search_index MATCH ? AND rowid BETWEEN ? AND ?)';
  return `SELECT ${columns} FROM messages m CROSS JOIN chats c ON c.id = m.chat_id
    WHERE m.rowid BETWEEN ? AND ?${allowed} AND ${alive} ORDER BY m.rowid DESC`;
}

/** The values for `messagesSql`. @param bottom first number of the stretch @param top its last */
export function messagesValues({ expression, message, chat }: Sought, bottom: number, top: number) {
  const { required, excluded } = expression;
  const stretch = [bottom, top];
  const words =
    required !== null
      ? [required, ...stretch]
      : [...stretch, ...(excluded === null ? [] : [excluded, ...stretch])];
  return [...words, ...message.values, ...chat.values];
}

/** Newest first; only where something is asked that titles have. */
export const titlesSql = ({ chat }: Sought): string =>
  `SELECT c.id, c.title, c.updated_at, c.archived_at
   FROM search_index i CROSS JOIN chats c ON c.rowid = -i.rowid
   WHERE search_index MATCH ? AND i.rowid < 0 AND c.deleted_at IS NULL${chat.sql} ORDER BY i.rowid LIMIT ?`;
