/** Owns what is in the search's index: brings it up to date from the queue that the database's triggers fill; never searches. */
import Sqlite, { type Database } from 'better-sqlite3';
import { indexedText } from '../search/words.js';

/** So little is indexed at once that what is to be saved waits for some ms at most. */
const maxDocs = 64;
const maxCharacters = 200_000;
/** Pages of the index that are merged at once, when there is nothing else to do. */
const mergePages = 32;

export function makeSearchIndex(db: Database) {
  // Titles first, since they are few; then the newest messages, since they are looked for most.
  const next = db
    .prepare<[], number>(
      `SELECT doc FROM (SELECT doc FROM search_queue WHERE doc < 0 AND writing = 0 LIMIT ${maxDocs})
       UNION ALL
       SELECT doc FROM (SELECT doc FROM search_queue WHERE doc > 0 AND writing = 0 ORDER BY doc DESC LIMIT ${maxDocs})
       LIMIT ${maxDocs}`,
    )
    .pluck();
  const messageText = db.prepare<[number], string>('SELECT text FROM messages WHERE rowid = ?').pluck();
  const titleText = db.prepare<[number], string>('SELECT title FROM chats WHERE rowid = -?').pluck();
  const remove = db.prepare<[number]>('DELETE FROM search_index WHERE rowid = ?');
  const insert = db.prepare<[number, string]>('INSERT INTO search_index (rowid, text) VALUES (?, ?)');
  const done = db.prepare<[number]>('DELETE FROM search_queue WHERE doc = ?');
  const merge = db.prepare(`INSERT INTO search_index (search_index, rank) VALUES ('merge', ${mergePages})`);
  const changes = db.prepare<[], number>('SELECT total_changes()').pluck();
  /** Whether something was indexed since the index was merged. */
  let isMerged = true;

  /** @returns whether there was anything to do */
  const indexSome = db.transaction((): boolean => {
    const docs = next.all();
    let characters = 0;
    for (const doc of docs) {
      const text = (doc > 0 ? messageText : titleText).get(doc) ?? '';
      remove.run(doc);
      if (text !== '') insert.run(doc, indexedText(text));
      done.run(doc);
      characters += text.length;
      if (characters > maxCharacters) break;
    }
    return docs.length > 0;
  });

  /** Makes one piece of the many small ones that small batches leave. @returns whether there is more to merge */
  const mergeSome = (): boolean => {
    const before = changes.get()!;
    merge.run();
    // FTS5's own sign that nothing was left to merge: https://www.sqlite.org/fts5.html#the_merge_command
    return changes.get()! - before >= 2;
  };

  return {
    /** What was being written when the app ended is as done as it will be. */
    takeInterrupted: (): void =>
      void db.prepare('UPDATE search_queue SET writing = 0 WHERE writing = 1').run(),
    /** Does a few ms of work. @returns whether there is more to do */
    step(): boolean {
      try {
        if (indexSome()) {
          isMerged = false;
          return true;
        }
        isMerged ||= !mergeSome();
        return !isMerged;
      } catch (thrown) {
        if (!isIndexDamage(thrown)) throw thrown;
        startIndexAgain(db);
        return true;
      }
    },
  };
}

/** Forgets the index; it is made again in the background. Nothing but the index is lost by that. */
export function startIndexAgain(db: Database): void {
  db.transaction(() =>
    db.exec(`
      INSERT INTO search_index (search_index) VALUES ('delete-all');
      INSERT OR REPLACE INTO search_queue (doc) SELECT rowid FROM messages;
      INSERT OR REPLACE INTO search_queue (doc) SELECT -rowid FROM chats;
    `),
  )();
}

/** Damage that FTS5 found in its own data. */
export const isIndexDamage = (thrown: unknown): boolean =>
  thrown instanceof Sqlite.SqliteError && thrown.code === 'SQLITE_CORRUPT_VTAB';

type SearchIndex = ReturnType<typeof makeSearchIndex>;

/** After the start, which has other things to do. */
const startMs = 2000;
/** After a change, so that a row of changes is done first. */
const quietMs = 20;

/** Works off the queue between the requests of the database thread. */
export class Indexing {
  readonly #index: SearchIndex;
  #timer: NodeJS.Timeout | null;

  constructor(index: SearchIndex) {
    this.#index = index;
    index.takeInterrupted();
    this.#timer = setTimeout(this.#work, startMs);
  }

  /** Something may have changed. */
  wake(): void {
    this.#timer ??= setTimeout(this.#work, quietMs);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  readonly #work = (): void => {
    this.#timer = null;
    const started = performance.now();
    try {
      // Resting as long as it works, it takes half of the thread at most.
      if (this.#index.step()) this.#timer = setTimeout(this.#work, performance.now() - started);
    } catch (thrown) {
      // The next change tries again; what is not indexed stays in the queue.
      console.error('[search]', thrown);
    }
  };
}
