/**
 * Owns cutting a stream of JSON into pieces that are small enough to be parsed at once: lines, the entries of a list, or
 * the entries of `chats` in an object. Finds only their borders; JSON.parse reads them, many times faster than parsers
 * that make every token (measured: 18 MB/s by @streamparser/json, 174 MB/s by JSON.parse).
 */

export type RawPiece =
  | { readonly place: 'document' | 'entry' | 'head'; readonly bytes: Buffer }
  /** What stands there can't be a piece; reading goes on behind it. */
  | { readonly problem: 'too-large' | 'too-deep' | 'broken-line' };

/** How the whole ended. */
export type Ending = 'whole' | 'cut-off' | 'no-json';

export type PieceLimits = { readonly bytes: number; readonly depth: number };

const usualLimits: PieceLimits = { bytes: 128 * 2 ** 20, depth: 256 };

const code = (sign: string) => sign.charCodeAt(0);
const signs = {
  quote: code('"'),
  escape: code('\\'),
  openList: code('['),
  closeList: code(']'),
  openObject: code('{'),
  closeObject: code('}'),
  colon: code(':'),
  comma: code(','),
  newline: code('\n'),
};
const isSpace = (byte: number) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

/** The key under which the app's own format has its chats. */
const listKey = Buffer.from('chats');

export class JsonCutter {
  readonly #limits: PieceLimits;
  /** Brackets that are open around and in the piece. */
  #depth = 0;
  /** Depth at which pieces begin: 0 for documents, 1 for entries of a list, 2 for those of `chats`. */
  #base = 0;
  #inText = false;
  #isEscaped = false;
  #parts: Buffer[] = [];
  #size = 0;
  /** Whether a piece has begun and is not done. */
  #isOpen = false;
  #problem: 'too-large' | 'too-deep' | null = null;
  #isJson = true;
  /** The text at depth 1 that was read last, while it may be a key. */
  #key: number[] | null = null;
  #isKey = false;
  /** Whether documents stand on a line each: then a broken line harms no other. */
  #inLines = false;
  #hasNewline = false;
  #isGarbage = false;
  #documents = 0;
  /** After the list of chats nothing more is of interest. */
  #afterList = false;

  constructor(limits: PieceLimits = usualLimits) {
    this.#limits = limits;
  }

  /** @returns the pieces that end in this chunk */
  *push(chunk: Buffer): Generator<RawPiece> {
    let start = this.#isOpen ? 0 : -1;
    for (let at = 0; at < chunk.length && this.#isJson; at++) {
      if (this.#inText && !this.#isEscaped && !this.#mayBeKey) at = endOfWords(chunk, at);
      const byte = chunk[at];
      if (byte === undefined) break;
      if (this.#inText) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === signs.escape) this.#isEscaped = true;
        else if (byte === signs.quote) this.#inText = false;
        else if (byte === signs.newline && this.#base === 0 && (this.#inLines || this.#isFirstLine)) {
          yield this.#giveUpLine();
          start = -1;
          continue;
        }
        if (this.#inText && this.#mayBeKey && this.#key!.length < 16) this.#key!.push(byte);
        continue;
      }
      if (isSpace(byte)) {
        if (byte === signs.newline) {
          if (this.#isGarbage) yield this.#giveUpLine();
          else if (this.#isOpen && this.#inLines && this.#base === 0) {
            yield this.#giveUpLine();
            start = -1;
          } else if (this.#isOpen) this.#hasNewline = true;
          else if (this.#base === 0 && this.#documents === 1 && !this.#hasNewline) this.#inLines = true;
        }
        continue;
      }
      if (this.#isGarbage) continue;
      if (byte === signs.quote && this.#depth + this.#base === 0) this.#foundGarbage();
      else if (byte === signs.quote) {
        this.#inText = true;
        if (this.#depth === 1 && this.#base === 0) this.#key = [];
        this.#isKey = false;
      } else if (byte === signs.colon) {
        this.#isKey =
          this.#depth === 1 &&
          this.#base === 0 &&
          this.#key !== null &&
          listKey.equals(Buffer.from(this.#key));
      } else if (byte === signs.openList || byte === signs.openObject) {
        if (byte === signs.openList && this.#depth === 1 && this.#isKey && this.#documents === 0) {
          this.#isKey = false;
          this.#keep(chunk.subarray(Math.max(0, start), at));
          this.#keep(Buffer.from('[]}'));
          yield this.#finish('head');
          start = -1;
          this.#base = 2;
          this.#depth = 2;
          continue;
        }
        this.#isKey = false;
        if (this.#depth === this.#base) {
          if (byte === signs.openList && this.#base === 0) {
            // The document is a list: its entries are the pieces.
            this.#base = 1;
            this.#depth = 1;
            continue;
          }
          start = at;
          this.#isOpen = true;
          this.#hasNewline = false;
        }
        this.#depth++;
        if (this.#depth - this.#base > this.#limits.depth) this.#problem ??= 'too-deep';
      } else if (byte === signs.closeList || byte === signs.closeObject) {
        this.#depth--;
        if (this.#depth < this.#base) {
          if (this.#afterList || this.#base === 0) {
            this.#depth = Math.max(0, this.#depth);
            continue;
          }
          // The list has ended; what follows is not looked at.
          this.#afterList = true;
          this.#base = 0;
          this.#depth = 0;
          return;
        }
        if (this.#depth === this.#base && this.#isOpen) {
          this.#keep(chunk.subarray(Math.max(0, start), at + 1));
          yield this.#finish(this.#base === 0 ? 'document' : 'entry');
          start = -1;
        }
      } else {
        this.#isKey = false;
        if (this.#depth + this.#base === 0 && byte !== signs.comma) this.#foundGarbage();
      }
    }
    if (this.#isOpen && start >= 0) this.#keep(chunk.subarray(start));
  }

  /** Called after the last chunk. */
  end(): Ending {
    if (!this.#isJson) return 'no-json';
    if (this.#isOpen || (this.#base > 0 && !this.#afterList)) return 'cut-off';
    return this.#documents === 0 && !this.#afterList ? 'no-json' : 'whole';
  }

  /** Whether nothing that follows can matter. */
  get isDone(): boolean {
    return this.#afterList || !this.#isJson;
  }

  #keep(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > this.#limits.bytes) this.#problem ??= 'too-large';
    // Of what is given up only the end is looked for.
    if (this.#problem === null) this.#parts.push(part);
    else this.#parts = [];
  }

  #finish(place: 'document' | 'entry' | 'head'): RawPiece {
    const problem = this.#problem;
    const bytes = Buffer.concat(this.#parts);
    if (place === 'document') this.#documents++;
    this.#reset();
    return problem === null ? { place, bytes } : { problem };
  }

  get #mayBeKey(): boolean {
    return this.#depth === 1 && this.#base === 0 && this.#key !== null;
  }

  get #isFirstLine(): boolean {
    return this.#documents === 0 && !this.#hasNewline;
  }

  /** Something outside of all brackets: a broken line among others, or a file of another kind. */
  #foundGarbage(): void {
    if (this.#inLines) this.#isGarbage = true;
    else this.#isJson = false;
  }

  #giveUpLine(): RawPiece {
    this.#inLines = true;
    this.#isGarbage = false;
    this.#depth = 0;
    this.#inText = false;
    this.#isEscaped = false;
    this.#reset();
    this.#documents++;
    return { problem: 'broken-line' };
  }

  #reset(): void {
    this.#parts = [];
    this.#size = 0;
    this.#isOpen = false;
    this.#problem = null;
    this.#key = null;
  }
}

/** The next byte of a text that means more than itself. */
function endOfWords(chunk: Buffer, start: number): number {
  let at = start;
  for (; at < chunk.length; at++) {
    const byte = chunk[at];
    if (byte === signs.quote || byte === signs.escape || byte === signs.newline) break;
  }
  return at;
}
