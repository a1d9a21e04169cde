/** Owns making sure that the data folder can be written to, before anything is opened in it; never where it is. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { app, dialog } from 'electron';
import { t } from '../../preload/contract/language.js';
import { speakAsChosen } from './speech.js';

/** Makes the folder where it is not there. @returns why it is of no use, else null; a full disk is no reason */
export function homeProblem(home: string): string | null {
  try {
    mkdirSync(home, { recursive: true });
    accessSync(home, constants.W_OK);
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

/** Says so and ends the app: with a page that can neither read nor save, nobody is helped. */
export async function refuseToStart(home: string, problem: string): Promise<void> {
  await app.whenReady();
  // The choice of a language lies in the folder too.
  await speakAsChosen('system');
  const message = t('Altiplano can’t write to its folder: {home}', { home });
  const hint = t('Allow it to write there, or name another folder by ALTIPLANO_HOME. Nothing was changed.');
  console.error(`${message}\n${hint}\n${problem}`);
  dialog.showErrorBox(message, `${hint}\n\n${problem}`);
  app.exit(1);
}
