/** Owns how the notebook is looked at, kept while other views are shown; never a note. */
import { t } from '../../preload/contract/language.js';
export const noteViews = [
  { id: 'text', label: t('Write') },
  { id: 'markdown', label: t('Markdown') },
  { id: 'html', label: 'HTML' },
  { id: 'tokens', label: t('Tokens') },
] as const;

class NoteView {
  shown = $state<(typeof noteViews)[number]['id']>('text');
  listOpen = $state(true);
  /** Whether what may come next stands beside the note. */
  nextOpen = $state(false);
  /** Counts up when the search among the notes should take the focus. */
  searchRequests = $state(0);
}

export const noteView = new NoteView();
