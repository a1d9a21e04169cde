/** Owns where the reader was in each chat, kept with the settings; never scrolls. */
import { isIncognito } from '../../preload/contract/incognito.js';
import type { ReadingPlace } from '../../preload/contract/settings.js';
import { settings } from './settings.svelte.js';

/** Of the chats that were left last. */
const keptPlaces = 100;

class ScrollPositions {
  /** Of incognito chats nothing is kept on the disk. */
  readonly #incognito = new Map<string, ReadingPlace>();

  /** Undefined = at the end. */
  of(chatId: string | null): ReadingPlace | undefined {
    if (chatId === null) return undefined;
    return this.#incognito.get(chatId) ?? settings.value.readingPlaces[chatId];
  }

  /** @param place null = at the end */
  keep(chatId: string, place: ReadingPlace | null): void {
    if (isIncognito(chatId)) {
      if (place === null) this.#incognito.delete(chatId);
      else this.#incognito.set(chatId, place);
      return;
    }
    const { [chatId]: known, ...others } = settings.value.readingPlaces;
    if (place === null && known === undefined) return;
    // The latest at the end.
    const places = Object.entries(place === null ? others : { ...others, [chatId]: place });
    settings.set({ readingPlaces: Object.fromEntries(places.slice(-keptPlaces)) });
  }
}

export const scrollPositions = new ScrollPositions();
