/** Owns how a note is called. */
import { t } from '../../preload/contract/language.js';
import type { Note } from '../../preload/contract/notes.js';

export function noteTitle({ name, firstWords }: Pick<Note, 'name' | 'firstWords'>): string {
  return name || firstWords || t('Empty note');
}
