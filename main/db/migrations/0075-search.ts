/**
 * Adds the index of all messages and titles, and the queue of what it lacks. A document's number is the rowid of its
 * message, or the negative rowid of the chat whose title it is. Contentless: what is indexed is a text made for the index.
 * The triggers only note what changed, so that saving never waits for the index; `search-index.ts` catches up. `writing`
 * marks a reply that still grows: it is indexed when it is done.
 */
export const search = `
  CREATE VIRTUAL TABLE search_index USING fts5(
    text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3'
  );

  CREATE TABLE search_queue (
    doc INTEGER PRIMARY KEY,
    writing INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX search_queue_writing ON search_queue(writing) WHERE writing = 1;
  INSERT INTO search_queue (doc) SELECT rowid FROM messages;
  INSERT INTO search_queue (doc) SELECT -rowid FROM chats;

  CREATE TRIGGER search_message_added AFTER INSERT ON messages BEGIN
    INSERT OR REPLACE INTO search_queue (doc) VALUES (new.rowid);
  END;
  CREATE TRIGGER search_message_changed AFTER UPDATE OF text, stats, error ON messages BEGIN
    INSERT OR REPLACE INTO search_queue (doc, writing) VALUES (new.rowid,
      new.error IS NULL AND new.edited_at IS old.edited_at
      AND iif(json_valid(new.stats), json_extract(new.stats, '$.stopReason') IS 'partial', 0));
  END;
  CREATE TRIGGER search_message_gone AFTER DELETE ON messages BEGIN
    INSERT OR REPLACE INTO search_queue (doc) VALUES (old.rowid);
  END;

  CREATE TRIGGER search_title_added AFTER INSERT ON chats BEGIN
    INSERT OR REPLACE INTO search_queue (doc) VALUES (-new.rowid);
  END;
  CREATE TRIGGER search_title_changed AFTER UPDATE OF title ON chats BEGIN
    INSERT OR REPLACE INTO search_queue (doc) VALUES (-new.rowid);
  END;
  CREATE TRIGGER search_title_gone AFTER DELETE ON chats BEGIN
    INSERT OR REPLACE INTO search_queue (doc) VALUES (-old.rowid);
  END;
`;
