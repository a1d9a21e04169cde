/** Owns the actions on notes, and the one that makes a note of a chat. */
import { t } from '../../preload/contract/language.js';
import type { Action } from '../lib/actions.js';
import { appView } from '../stores/app-view.svelte.js';
import { chats } from '../stores/chats.svelte.js';
import { incognito } from '../stores/incognito.svelte.js';
import { levels } from '../stores/levels.svelte.js';
import { noteView } from '../stores/note-view.svelte.js';
import { notebook } from '../stores/notebook.svelte.js';
import { notices } from '../stores/notices.svelte.js';

const inNote = (can: () => boolean) => ({
  group: 'Notebook' as const,
  isEnabled: () => appView.showsNotebook && notebook.open !== undefined && can(),
});
const isIdle = () => notebook.open?.run === null;

/** The prompt of a chat becomes a note, which is shown. */
export async function sendToNotebook(chatId: string): Promise<void> {
  if (!(await notebook.takeChat(chatId))) return;
  noteView.shown = 'text';
  appView.show('Notebook');
  notices.done(t('The prompt of the chat is a note of its own; the chat stays as it is.'));
}

export const notebookActions = [
  {
    id: 'new-note',
    label: t('New note'),
    group: 'Notebook',
    run: async () => {
      await notebook.start();
      await notebook.create();
      noteView.shown = 'text';
      appView.show('Notebook');
    },
  },
  {
    id: 'search-notes',
    label: t('Search notes'),
    group: 'Notebook',
    run: () => {
      noteView.listOpen = true;
      appView.show('Notebook');
      noteView.searchRequests++;
    },
  },
  {
    id: 'send-to-notebook',
    label: t('Send this chat to the notebook'),
    does: t('Its prompt, exactly as the model is given it, becomes a note.'),
    group: 'Notebook',
    isEnabled: () => chats.open !== undefined && !incognito.isOpen,
    run: () => {
      if (chats.open !== undefined) void sendToNotebook(chats.open.id);
    },
  },
  {
    id: 'generate-note',
    label: t('Go on with the note'),
    keys: ['Ctrl+Enter'],
    ...inNote(() => isIdle() && notebook.open?.text !== ''),
    run: () => notebook.generate(levels.outsideChats.sampling),
  },
  {
    id: 'regenerate-note',
    label: t('Regenerate the end of the note'),
    does: t('Undo brings the old words back.'),
    ...inNote(() => (notebook.open?.regenerationText ?? '') !== ''),
    run: () => notebook.regenerate(levels.outsideChats.sampling),
  },
  {
    id: 'stop-note',
    label: t('Stop writing in the note'),
    keys: ['Escape'],
    ...inNote(() => !isIdle()),
    run: () => notebook.stop(),
  },
  {
    id: 'undo-note',
    label: t('Undo in the note'),
    does: t('Takes back what was generated or added last.'),
    ...inNote(() => notebook.open?.canUndo === true),
    run: () => notebook.undo('undo'),
  },
  {
    id: 'redo-note',
    label: t('Redo in the note'),
    ...inNote(() => notebook.open?.canRedo === true),
    run: () => notebook.undo('redo'),
  },
  {
    id: 'next-token',
    label: t('Show what may come next in the note'),
    ...inNote(() => true),
    run: () => (noteView.nextOpen = !noteView.nextOpen),
  },
] as const satisfies readonly Action[];
