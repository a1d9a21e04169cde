/** Owns the actions on notes, and the one that makes a note of a chat. */
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
  notices.done('The prompt of the chat is a note of its own; the chat stays as it is.');
}

export const notebookActions = [
  {
    id: 'new-note',
    label: 'New note',
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
    label: 'Search notes',
    group: 'Notebook',
    run: () => {
      noteView.listOpen = true;
      appView.show('Notebook');
      noteView.searchRequests++;
    },
  },
  {
    id: 'send-to-notebook',
    label: 'Send this chat to the notebook',
    does: 'Its prompt, exactly as the model is given it, becomes a note.',
    group: 'Notebook',
    isEnabled: () => chats.open !== undefined && !incognito.isOpen,
    run: () => {
      if (chats.open !== undefined) void sendToNotebook(chats.open.id);
    },
  },
  {
    id: 'generate-note',
    label: 'Go on with the note',
    keys: ['Ctrl+Enter'],
    ...inNote(() => isIdle() && notebook.open?.text !== ''),
    run: () => notebook.generate(levels.outsideChats.sampling),
  },
  {
    id: 'regenerate-note',
    label: 'Regenerate the end of the note',
    does: 'Undo brings the old words back.',
    ...inNote(() => (notebook.open?.regenerationText ?? '') !== ''),
    run: () => notebook.regenerate(levels.outsideChats.sampling),
  },
  {
    id: 'stop-note',
    label: 'Stop writing in the note',
    keys: ['Escape'],
    ...inNote(() => !isIdle()),
    run: () => notebook.stop(),
  },
  {
    id: 'undo-note',
    label: 'Undo in the note',
    does: 'Takes back what was generated or added last.',
    ...inNote(() => notebook.open?.canUndo === true),
    run: () => notebook.undo('undo'),
  },
  {
    id: 'redo-note',
    label: 'Redo in the note',
    ...inNote(() => notebook.open?.canRedo === true),
    run: () => notebook.undo('redo'),
  },
  {
    id: 'next-token',
    label: 'Show what may come next in the note',
    ...inNote(() => true),
    run: () => (noteView.nextOpen = !noteView.nextOpen),
  },
] as const satisfies readonly Action[];
