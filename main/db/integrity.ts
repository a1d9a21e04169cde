/** Owns what is sound about a database: its pages, and the records in it; mends what points nowhere, never removes a text. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import { replyStatsSchema } from '../../preload/contract/chats.js';
import { isDamage } from './damage.js';

/** Records that can't be shown as they were saved, by what is wrong with them. */
export type DamagedRecords = {
  /** Messages whose question, or whose chat, is not there. */
  readonly lost: number;
  /** Messages that come before themselves. */
  readonly circular: number;
  /** Messages that neither a person nor a model wrote. */
  readonly strangers: number;
  /** Replies whose measurements can't be read; their text can. */
  readonly unreadable: number;
  /** Chats whose last message is not one of theirs. */
  readonly endless: number;
};

export type Counts = { readonly chats: number; readonly messages: number };

/** What is wrong with the pages of a file; empty when nothing is. Reads all of it. */
export function pageProblems(db: Database): string[] {
  // A value that a table does not allow is a damaged record: the file around it is sound.
  db.pragma('ignore_check_constraints = ON');
  try {
    const found = db.pragma('quick_check(20)') as { readonly quick_check: string }[];
    return found.map(({ quick_check: problem }) => problem).filter((problem) => problem !== 'ok');
  } catch (thrown) {
    if (isDamage(thrown)) return [thrown.message];
    throw thrown;
  }
}

/** Chats and messages that are not in the trash. */
export function countRecords(db: Database): Counts {
  return db
    .prepare<[], Counts>(
      `SELECT (SELECT count(*) FROM chats WHERE deleted_at IS NULL) AS chats,
        (SELECT count(*) FROM messages WHERE deleted_at IS NULL) AS messages`,
    )
    .get()!;
}

export function damagedRecords(db: Database): DamagedRecords {
  return {
    lost: count(db, `SELECT count(*) FROM messages WHERE ${isLost}`),
    circular: circles(db).length,
    strangers: count(db, `SELECT count(*) FROM messages WHERE ${isStranger}`),
    unreadable: unreadableStats(db).length,
    endless: count(db, `SELECT count(*) FROM chats WHERE ${isEndless}`),
  };
}

export function sum(found: DamagedRecords): number {
  return Object.values(found).reduce((total, one) => total + one, 0);
}

/**
 * Makes every message reachable again: one whose question is gone begins its chat anew, one whose chat is gone gets a
 * chat, a circle is opened at its oldest message. Texts stay as they are. @returns what was mended
 */
export function mend(db: Database): DamagedRecords {
  return db.transaction(() => {
    const found = damagedRecords(db);
    db.prepare(
      `INSERT INTO chats (id, title, created_at, updated_at, leaf_id)
        SELECT chat_id, ?, min(created_at), max(created_at), max(id) FROM messages
        WHERE chat_id NOT IN (SELECT id FROM chats) GROUP BY chat_id`,
    ).run(t('Rescued chat'));
    db.exec(`
      UPDATE messages SET parent_id = NULL WHERE ${isLost};
      UPDATE messages SET role = CASE WHEN model IS NULL AND stats IS NULL THEN 'user' ELSE 'assistant' END
        WHERE ${isStranger};`);
    const cut = db.prepare('UPDATE messages SET parent_id = NULL WHERE id = ?');
    for (const circle of circles(db)) cut.run(circle);
    const drop = db.prepare('UPDATE messages SET stats = NULL WHERE id = ?');
    for (const id of unreadableStats(db)) drop.run(id);
    db.exec(`
      UPDATE chats SET leaf_id =
        (SELECT max(id) FROM messages WHERE chat_id = chats.id AND deleted_at IS NULL)
        WHERE ${isEndless};`);
    return found;
  })();
}

const isLost = `
  chat_id NOT IN (SELECT id FROM chats) OR parent_id IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM messages AS parent WHERE parent.id = messages.parent_id AND parent.chat_id = messages.chat_id)`;
const isStranger = `role NOT IN ('user', 'assistant')`;
const isEndless = `
  leaf_id IS NOT NULL AND NOT EXISTS
    (SELECT 1 FROM messages
      WHERE messages.id = leaf_id AND messages.chat_id = chats.id AND messages.deleted_at IS NULL)`;

function count(db: Database, sql: string): number {
  return db.prepare<[], number>(sql).pluck().get()!;
}

/** The oldest message of each circle: whoever goes up from what is not under a root comes to one. */
function circles(db: Database): string[] {
  const parents = new Map(
    db
      .prepare<[], { id: string; parent_id: string }>(
        `WITH RECURSIVE reached(id, chat_id) AS (
          SELECT id, chat_id FROM messages WHERE parent_id IS NULL OR ${isLost}
          UNION ALL SELECT messages.id, messages.chat_id FROM reached
            JOIN messages ON messages.chat_id = reached.chat_id AND messages.parent_id = reached.id
        )
        SELECT id, parent_id FROM messages WHERE id NOT IN (SELECT id FROM reached)`,
      )
      .all()
      .map(({ id, parent_id }) => [id, parent_id]),
  );
  const seen = new Set<string>();
  const found: string[] = [];
  for (const start of parents.keys()) {
    const way: string[] = [];
    let at: string | undefined = start;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      way.push(at);
      at = parents.get(at);
    }
    // Ids are ordered by time.
    const from = at === undefined ? -1 : way.indexOf(at);
    if (from >= 0) found.push(way.slice(from).sort()[0]!);
  }
  return found;
}

function unreadableStats(db: Database): string[] {
  const rows = db.prepare<[], { id: string; stats: string }>(
    'SELECT id, stats FROM messages WHERE stats IS NOT NULL',
  );
  const found: string[] = [];
  for (const { id, stats } of rows.iterate()) if (!isReadable(stats)) found.push(id);
  return found;
}

function isReadable(json: string): boolean {
  try {
    return replyStatsSchema.safeParse(JSON.parse(json)).success;
  } catch {
    return false;
  }
}
