/** Owns how the tokens of a prompt are laid out: white space made visible, what changed, in blocks of whole lines. */
import type { ShownToken } from '../../preload/contract/doctor.js';
import { diff } from './diff.js';

export type Piece = {
  /** Ready to be shown. */
  readonly text: string;
  readonly id: number;
  /** Null for what is gone: it is no part of the prompt. */
  readonly source: ShownToken['source'] | 'mark' | null;
  readonly isNew: boolean;
  /** The cache ends before this piece. */
  readonly endsCache: boolean;
};

/** Pieces of a block; a page of many blocks draws only those in sight. */
const piecesOfBlock = 200;

/** White space as signs; a new line still breaks the line. */
export function visible(text: string): string {
  return text.replaceAll(' ', '·').replaceAll('\t', '→').replaceAll('\n', '⏎\n') || '…';
}

/**
 * @param previous tokens of the request before; null when there is none to compare with
 * @param reusable tokens that the cache holds
 */
export function promptPieces(
  tokens: readonly ShownToken[],
  previous: readonly Pick<ShownToken, 'id' | 'text'>[] | null,
  reusable: number,
): Piece[] {
  const piece = (at: number, isNew: boolean): Piece => {
    const { id, text, source, isMark } = tokens[at]!;
    return {
      text: visible(text),
      id,
      source: isMark ? 'mark' : source,
      isNew,
      endsCache: at > 0 && at === reusable && at < tokens.length - 1,
    };
  };
  const range = (from: number, length: number) => Array.from({ length }, (_, index) => from + index);
  if (previous === null) return range(0, tokens.length).map((at) => piece(at, false));
  const stretches = diff(
    previous.map(({ id }) => id),
    tokens.map(({ id }) => id),
  );
  return stretches.flatMap(({ kind, from, length }) =>
    range(from, length).map((at) =>
      kind === 'gone'
        ? {
            text: visible(previous[at]!.text),
            id: previous[at]!.id,
            source: null,
            isNew: false,
            endsCache: false,
          }
        : piece(at, kind === 'new'),
    ),
  );
}

/** Blocks end with a line where they can, so that it does not show where they end. */
export function blocksOf<P extends Pick<Piece, 'text'>>(pieces: readonly P[]): P[][] {
  const blocks: P[][] = [[]];
  for (const piece of pieces) {
    blocks.at(-1)!.push(piece);
    const { length } = blocks.at(-1)!;
    if (length >= 3 * piecesOfBlock || (length >= piecesOfBlock && piece.text.endsWith('\n')))
      blocks.push([]);
  }
  return blocks.filter(({ length }) => length > 0);
}
