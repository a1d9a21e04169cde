/** Owns what main does for requests about notes: one thin line each. */
import type { Room, Rooms } from './handlers.js';

export function noteHandlers({ db, notes }: Rooms): Room<'notes'> {
  return {
    'notes.list': ({ matching }) => db.listNotes(matching),
    'notes.text': ({ noteId }) => db.textOfNote(noteId),
    'notes.create': () => db.createNote({ name: '', text: '', marks: false }),
    'notes.save': async ({ noteId, text }) => {
      await db.saveNote(noteId, text);
    },
    'notes.setMarks': ({ noteId, marks }) => db.setNoteMarks(noteId, marks),
    'notes.rename': ({ noteId, name }) => db.renameNote(noteId, name),
    'notes.delete': ({ noteId }) => notes.remove(noteId),
    'notes.generate': ({ noteId, text, sampling }) => notes.generate(noteId, text, sampling),
    'notes.running': () => notes.running(),
    'notes.fromChat': ({ chatId }) => notes.fromChat(chatId),
  };
}
