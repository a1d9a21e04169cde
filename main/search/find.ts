/** Owns one search: reads what fits from the newest message on, for a bounded time, and ranks it; never writes. */
import type { Database } from 'better-sqlite3';
import { parseQuery } from '../../preload/contract/search-query.js';
import type { FoundChat, SearchHit, SearchPage } from '../../preload/contract/search.js';
import { phraseOf } from './conditions.js';
import { findTerms, snippetOf, type Match, type SoughtTerm } from './matches.js';
import { rarityOf, titleWeight, weightOf } from './ranking.js';
import { messagesSql, messagesValues, soughtBy, titlesSql, type MessageRow, type Sought } from './sought.js';
import { fold, wordsOf } from './words.js';

export type SearchRequest = {
  readonly query: string;
  /** The message to begin with, by its number, and on to older ones; null = the newest. */
  readonly from: number | null;
};

type ChatRow = { id: string; title: string; updated_at: number; archived_at: number | null };
type ReadMessage = { readonly row: MessageRow; readonly matches: readonly Match[] };

/** How long one answer reads; ranking and the way to the page come on top. */
const readingMs = 20;
/** So many are ranked together. */
const maxHits = 500;
const maxTitles = 100;
/** Messages in the first stretch; how many the next ones have follows from its pace. */
const firstStretch = 20_000;
/** A word in so many messages counts as one that is everywhere. */
const commonCount = 5000;

/** @param now in ms, for the time that an answer may take */
export function makeFinder(db: Database, now: () => number = () => performance.now()) {
  db.function('fold', { deterministic: true }, (text) => fold(String(text)));
  const newest = db.prepare<[], number | null>('SELECT max(rowid) FROM messages').pluck();
  const waiting = db.prepare<[], number>('SELECT count(*) FROM search_queue WHERE writing = 0').pluck();
  const countUpTo = db
    .prepare<[string, number], number>(
      'SELECT count(*) FROM (SELECT 1 FROM search_index WHERE search_index MATCH ? LIMIT ?)',
    )
    .pluck();
  const getChat = db.prepare<[string], ChatRow>(
    'SELECT id, title, updated_at, archived_at FROM chats WHERE id = ?',
  );

  /** From `from` on to older ones, and where the next answer goes on. */
  function readMessages(sought: Sought, from: number): { read: ReadMessage[]; next: number | null } {
    const statement = db.prepare<unknown[], MessageRow>(messagesSql(sought));
    const deadline = now() + readingMs;
    const read: ReadMessage[] = [];
    let stretch = firstStretch;
    for (let top = from; top > 0;) {
      const bottom = Math.max(1, top - stretch + 1);
      const started = now();
      for (const row of statement.iterate(...messagesValues(sought, bottom, top))) {
        if (sought.accepts(row.text)) read.push({ row, matches: findTerms(row.text, sought.terms) });
        if (read.length >= maxHits || now() > deadline)
          return { read, next: row.doc > 1 ? row.doc - 1 : null };
      }
      const ended = now();
      top = bottom - 1;
      if (ended > deadline) return { read, next: top > 0 ? top : null };
      // A stretch can't be interrupted where nothing in it fits: half of what the time is good for.
      const messagesPerMs = stretch / Math.max(ended - started, 0.1);
      stretch = Math.ceil(Math.min(8 * stretch, messagesPerMs * (deadline - ended) * 0.5));
    }
    return { read, next: null };
  }

  /** Titles have words alone: what is asked of messages they don't answer. */
  function readTitles(sought: Sought): ChatRow[] {
    const { words } = sought.expression;
    if (words === null || sought.message.sql !== '') return [];
    const isWhole = (title: string) =>
      new Set(findTerms(title, sought.terms).map(({ term }) => term)).size === sought.terms.length;
    return db
      .prepare<unknown[], ChatRow>(titlesSql(sought))
      .all(words, ...sought.chat.values, maxTitles)
      .filter(({ title }) => sought.accepts(title) && isWhole(title));
  }

  return {
    find({ query, from }: SearchRequest): SearchPage {
      const total = newest.get() ?? 0;
      const missing = waiting.get()!;
      const indexing = missing === 0 ? null : { done: Math.max(0, total - missing), total };
      const parsed = parseQuery(query);
      if (parsed.terms.length + parsed.filters.length === 0) return { chats: [], next: null, indexing };

      const sought = soughtBy(parsed);
      const { read, next } = readMessages(sought, from ?? total);
      const titles = from === null ? readTitles(sought) : [];
      const wanted = parsed.terms.filter(({ isExcluded }) => !isExcluded);
      const rarity = wanted.map((term) => {
        // A term alone ranks nothing by its rarity; to count a phrase, FTS5 looks through messages by the thousand.
        const isCounted = wanted.length > 1 && wordsOf(term.text).length === 1;
        const word = isCounted ? phraseOf({ ...term, isOpen: false }) : null;
        return rarityOf(word === null ? 0 : countUpTo.get(word, commonCount)!, total);
      });
      const groups = new Groups();
      const averageLength = read.reduce((sum, { row }) => sum + row.text.length, 0) / read.length;
      for (const { row, matches } of read) {
        const text = { text: row.text, matches, timeMs: row.created_at };
        groups.add(row.chat_id, weightOf(sought, text, rarity, averageLength), hitOf(row, matches));
      }
      for (const { id, title, updated_at } of titles) {
        const text = { text: title, matches: findTerms(title, sought.terms), timeMs: updated_at };
        groups.add(id, titleWeight * weightOf(sought, text, rarity, title.length));
      }
      const chats = groups
        .ranked()
        .map(({ chatId, hits }) => foundChat(getChat.get(chatId)!, hits, sought.terms));
      return { chats, next, indexing };
    },
  };
}

export type Finder = ReturnType<typeof makeFinder>;

/** What was found, by chat; a chat is as good as the best in it. */
class Groups {
  readonly #found = new Map<string, { score: number; hits: { score: number; hit: SearchHit }[] }>();

  add(chatId: string, score: number, hit?: SearchHit): void {
    const group = this.#found.get(chatId) ?? { score, hits: [] };
    group.score = Math.max(group.score, score);
    if (hit !== undefined) group.hits.push({ score, hit });
    this.#found.set(chatId, group);
  }

  ranked(): { chatId: string; hits: SearchHit[] }[] {
    return [...this.#found]
      .sort(([, a], [, b]) => b.score - a.score)
      .map(([chatId, { hits }]) => ({
        chatId,
        hits: hits.sort((a, b) => b.score - a.score).map(({ hit }) => hit),
      }));
  }
}

const hitOf = ({ id, role, model, created_at, text }: MessageRow, matches: readonly Match[]): SearchHit => ({
  messageId: id,
  role,
  model,
  createdAt: created_at,
  snippet: snippetOf(text, matches),
});

const foundChat = (chat: ChatRow, hits: SearchHit[], terms: readonly SoughtTerm[]): FoundChat => ({
  chatId: chat.id,
  title: snippetOf(chat.title, findTerms(chat.title, terms)),
  isArchived: chat.archived_at !== null,
  updatedAt: chat.updated_at,
  hits,
});
