/** Owns how a note is called. */
import type { Note } from '../../preload/contract/notes.js';

export function noteTitle({ name, firstWords }: Pick<Note, 'name' | 'firstWords'>): string {
  return name || firstWords || 'Empty note';
}
