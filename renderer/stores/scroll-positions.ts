/** Owns where the reader was in each chat, for as long as the app runs; never scrolls. */

type ScrollPosition = {
  /** The first message in view. */
  readonly messageId: string;
  /** From the top of the view to the top of that message, in CSS pixels; negative when its start is above. */
  readonly offset: number;
  /** How many messages there are from it to the end of the path. */
  readonly fromEnd: number;
};

class ScrollPositions {
  readonly #positions = new Map<string, ScrollPosition>();

  /** Undefined = at the end. */
  of(chatId: string | null): ScrollPosition | undefined {
    return chatId === null ? undefined : this.#positions.get(chatId);
  }

  /** @param position null = at the end */
  keep(chatId: string, position: ScrollPosition | null): void {
    if (position === null) this.#positions.delete(chatId);
    else this.#positions.set(chatId, position);
  }
}

export const scrollPositions = new ScrollPositions();
