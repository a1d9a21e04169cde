/** Owns finding banned strings in a text that comes token by token, holding back what could be the start of one. */
import { overlap } from '../stops.js';

/** A banned string was written, by these tokens of the reply. */
export type BannedString = {
  readonly firstPlace: number;
  readonly lastPlace: number;
  /** The first token that can be taken back: no text from it on was handed out. */
  readonly floor: number;
};

/** Text with the tokens that brought it: the place of the first one, and how many. */
type Piece = { readonly place: number; readonly tokens: number; readonly text: string };

export class BannedStringMatcher {
  readonly #banned: readonly string[];
  /** Text that is not certain yet, with the places of the tokens that brought it. */
  #held: Piece[] = [];

  constructor(banned: readonly string[]) {
    this.#banned = banned.filter((text) => text !== '').map(fold);
  }

  /** Whether text is held back. */
  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /**
   * Takes new text. When a banned string came, `rewind` must follow.
   * @returns text that is certain to be no part of a banned string, in whole pieces
   */
  push(piece: Piece): { readonly text: string; readonly banned: BannedString | null } {
    this.#held.push(piece);
    const folded = fold(this.#text());
    const found = this.#banned
      .map((banned) => ({ start: folded.indexOf(banned), length: banned.length }))
      .filter(({ start }) => start >= 0)
      .sort((a, b) => a.start - b.start)[0];
    if (found !== undefined) {
      const first = this.#pieceAt(found.start);
      const last = this.#pieceAt(found.start + found.length - 1);
      const lastPlace = last.place + last.tokens - 1;
      return { text: '', banned: { firstPlace: first.place, lastPlace, floor: this.#held[0]!.place } };
    }
    const held = Math.max(0, ...this.#banned.map((banned) => overlap(folded, banned)));
    return { text: this.#release(folded.length - held), banned: null };
  }

  /** Forgets the text of the tokens from a place on. */
  rewind(place: number): void {
    this.#held = this.#held.filter((piece) => piece.place < place);
  }

  /** The end of the text: what was held back belongs to it after all. */
  flush(): string {
    return this.#release(this.#text().length);
  }

  #text(): string {
    return this.#held.map(({ text }) => text).join('');
  }

  #pieceAt(offset: number): Piece {
    let end = 0;
    return this.#held.find(({ text }) => (end += text.length) > offset)!;
  }

  /** Lets go of the pieces that end within the first `length` characters. */
  #release(length: number): string {
    let end = 0;
    const kept = this.#held.findIndex(({ text }) => (end += text.length) > length);
    const released = this.#held.splice(0, kept < 0 ? this.#held.length : kept);
    return released.map(({ text }) => text).join('');
  }
}

/** Lower case, letter by letter: the text keeps its length. */
function fold(text: string): string {
  return text.replace(/\p{Lu}/gu, (letter) => {
    const lower = letter.toLowerCase();
    return lower.length === letter.length ? lower : letter;
  });
}
