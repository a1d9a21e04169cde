/** Owns how the threads and processes of main learn what it speaks: by their environment, when they start. */
import { speakLanguage } from '../../preload/contract/catalogues.js';
import { suitingLanguage, type Language } from '../../preload/contract/language.js';

const variable = 'ALTIPLANO_LANGUAGE';

export function tellChildren(language: Language): void {
  process.env[variable] = language;
}

/** For the entry of a thread or process: speaks as main did when it started it. */
export const speakAsMain = (): Promise<void> =>
  speakLanguage(suitingLanguage([process.env[variable] ?? 'en']));
