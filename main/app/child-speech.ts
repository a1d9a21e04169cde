/** Owns how the threads and processes of main learn what it speaks: by their environment, threads by each change too. */
import { BroadcastChannel } from 'node:worker_threads';
import { speakLanguage } from '../../preload/contract/catalogues.js';
import { suitingLanguage, type Language } from '../../preload/contract/language.js';

const variable = 'ALTIPLANO_LANGUAGE';
const changes = new BroadcastChannel('language');
changes.unref();

/** For threads that run, and for all that start later; a running process is told by its own protocol. */
export function tellChildren(language: Language): void {
  process.env[variable] = language;
  changes.postMessage(language);
}

/** For the entry of a thread or process: speaks as main does. */
export function speakAsMain(): Promise<void> {
  changes.onmessage = (change) => void speakLanguage((change as { data: Language }).data);
  // Some runtimes hold on to a channel again once somebody listens.
  changes.unref();
  return speakLanguage(suitingLanguage([process.env[variable] ?? 'en']));
}
