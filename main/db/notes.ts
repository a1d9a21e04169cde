/** Owns the rows of notes; undo knows their names and whether they are there, never their texts: those are saved as they are written. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import { AppError } from '../../preload/contract/errors.js';
import type { Note } from '../../preload/contract/notes.js';
import { newId } from './id.js';

type Row = { id: string; name: string; head: string; marks: number; updated_at: number };

export type NewNote = Pick<Note, 'name' | 'marks'> & { readonly text: string };

/** Characters of a text that its first words are looked for in. */
const headCharacters = 200;

export function makeNoteQueries(db: Database) {
  const columns = `id, name, substr(text, 1, ${headCharacters}) AS head, marks, updated_at`;
  const list = db.prepare<[{ matching: string }], Row>(
    `SELECT ${columns} FROM notes
     WHERE deleted_at IS NULL
       AND (@matching = '' OR instr(lower(name), lower(@matching)) > 0 OR instr(lower(text), lower(@matching)) > 0)
     ORDER BY updated_at DESC, id DESC`,
  );
  const get = db.prepare<[string], Row>(`SELECT ${columns} FROM notes WHERE id = ? AND deleted_at IS NULL`);
  const getText = db
    .prepare<[string], string>('SELECT text FROM notes WHERE id = ? AND deleted_at IS NULL')
    .pluck();
  const blank = db.prepare<[], Row>(
    `SELECT ${columns} FROM notes WHERE deleted_at IS NULL AND text = '' AND name = '' LIMIT 1`,
  );
  const insert = db.prepare(
    'INSERT INTO notes (id, name, text, marks, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const save = db.prepare('UPDATE notes SET text = ?, updated_at = ? WHERE id = ?');
  const setMarks = db.prepare('UPDATE notes SET marks = ? WHERE id = ?');
  const rename = db.prepare('UPDATE notes SET name = ? WHERE id = ?');
  const remove = db.prepare('UPDATE notes SET deleted_at = ? WHERE id = ?');

  /** @throws AppError `not-found` */
  const find = (noteId: string): Note => {
    const row = get.get(noteId);
    if (row === undefined) throw gone();
    return toNote(row);
  };

  return {
    /** The latest first. @param matching '' = all */
    listNotes: (matching: string): Note[] => list.all({ matching }).map(toNote),
    findNote: find,
    /** @throws AppError `not-found` */
    textOfNote(noteId: string): string {
      const text = getText.get(noteId);
      if (text === undefined) throw gone();
      return text;
    },
    createNote({ name, text, marks }: NewNote): Note {
      const existing = name === '' && text === '' ? blank.get() : undefined;
      if (existing !== undefined) return toNote(existing);
      const now = Date.now();
      const id = newId();
      insert.run(id, name, text, marks ? 1 : 0, now, now);
      return find(id);
    },
    /** Also of a note that was deleted meanwhile: it may come back. */
    saveNote: (noteId: string, text: string): void => void save.run(text, Date.now(), noteId),
    setNoteMarks(noteId: string, marks: boolean): Note {
      setMarks.run(marks ? 1 : 0, noteId);
      return find(noteId);
    },
    renameNote(noteId: string, name: string): Note {
      rename.run(name, noteId);
      return find(noteId);
    },
    /** Hides the note; its text stays. */
    removeNote: (noteId: string): void => void remove.run(Date.now(), noteId),
  };
}

function toNote({ id, name, head, marks, updated_at }: Row): Note {
  // Of a heading, the words.
  const [line = ''] = head
    .trim()
    .replace(/^#+\s+/, '')
    .split('\n');
  const firstWords = line.slice(0, 80).trim();
  return { id, name, firstWords, marks: marks !== 0, updatedAt: updated_at };
}

const gone = () =>
  new AppError({
    code: 'not-found',
    message: t('This note no longer exists.'),
    hint: t('Choose another one.'),
  });
