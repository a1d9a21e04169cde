/** Owns which language main speaks: the chosen one, or what the user of the machine prefers. */
import { app } from 'electron';
import { speakLanguage } from '../../preload/contract/catalogues.js';
import { suitingLanguage } from '../../preload/contract/language.js';
import type { Settings } from '../../preload/contract/settings.js';
import { tellChildren } from './child-speech.js';

/** Speaks from here on, in threads and processes that start later too. */
export async function speakAsChosen(chosen: Settings['language']): Promise<void> {
  const language = chosen === 'system' ? suitingLanguage(app.getPreferredSystemLanguages()) : chosen;
  tellChildren(language);
  await speakLanguage(language);
}
