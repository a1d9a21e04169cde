/** Owns how the user is asked about replies that are written while the app should end; never what comes of it. */
import { msg, t, type Message } from '../../preload/contract/language.js';
import { dialog, type BrowserWindow } from 'electron';
import type { LeavingChoice } from './leaving.js';

const choices: readonly { readonly label: Message; readonly choice: LeavingChoice }[] = [
  { label: msg('Quit when written'), choice: 'when-written' },
  { label: msg('Stop and quit'), choice: 'stop' },
  { label: msg('Cancel'), choice: 'cancel' },
];

/** @param window null on macOS, where the app goes on without one */
export async function askToLeave(window: BrowserWindow | null, replies: number): Promise<LeavingChoice> {
  const question = {
    type: 'question' as const,
    message: t(
      '{count, plural, one {A reply is being written.} other {# replies are being written or wait.}}',
      { count: replies },
    ),
    detail: t('What is written so far is kept, whatever you choose.'),
    buttons: choices.map(({ label }) => t(label)),
    defaultId: 0,
    cancelId: choices.length - 1,
  };
  const { response } = await (window === null
    ? dialog.showMessageBox(question)
    : dialog.showMessageBox(window, question));
  return choices[response]?.choice ?? 'cancel';
}
