/** Owns how the user is asked about replies that are written while the app should end; never what comes of it. */
import { dialog, type BrowserWindow } from 'electron';
import type { LeavingChoice } from './leaving.js';

const choices: readonly { readonly label: string; readonly choice: LeavingChoice }[] = [
  { label: 'Quit when written', choice: 'when-written' },
  { label: 'Stop and quit', choice: 'stop' },
  { label: 'Cancel', choice: 'cancel' },
];

/** @param window null on macOS, where the app goes on without one */
export async function askToLeave(window: BrowserWindow | null, replies: number): Promise<LeavingChoice> {
  const question = {
    type: 'question' as const,
    message: replies === 1 ? 'A reply is being written.' : `${replies} replies are being written or wait.`,
    detail: 'What is written so far is kept, whatever you choose.',
    buttons: choices.map(({ label }) => label),
    defaultId: 0,
    cancelId: choices.length - 1,
  };
  const { response } = await (window === null
    ? dialog.showMessageBox(question)
    : dialog.showMessageBox(window, question));
  return choices[response]?.choice ?? 'cancel';
}
