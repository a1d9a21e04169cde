/** Owns what a reader of one format is; never which there are. */
import type { ImportFormat } from '../../../preload/contract/import-formats.js';
import type { ImportedChat } from './neutral.js';

/** Something whole of a JSON document, small enough to be in memory. */
export type Piece = {
  readonly value: unknown;
  /** A whole document (also one line of many), an entry of the list that the document is, or all of it but its chats. */
  readonly place: 'document' | 'entry' | 'head';
};

/** What is known of a file besides its content. */
export type FileFacts = {
  /** Without folders and extension. */
  readonly name: string;
  readonly modifiedMs: number;
  /** The JSON file that lies beside it and says what it is about, as Jan has it; null = none. */
  readonly beside: unknown;
};

/** Reads one file, piece by piece; keeps no more than one chat. */
export type PieceReader = {
  /** @throws Unreadable for a piece that is no chat */
  take(piece: Piece): readonly ImportedChat[];
  /** What the last pieces made, which only the end completes. */
  end(): readonly ImportedChat[];
};

export type ChatFormat = {
  readonly id: ImportFormat;
  /** Whether a document with this among its first pieces is of the format. */
  recognises(piece: Piece): boolean;
  open(file: FileFacts): PieceReader;
};

/** Why something can't be read: a sentence for people. */
export class Unreadable extends Error {}

/** A file is something else, as far as can be told. */
export class NoChats extends Unreadable {}

/** A format in which every piece is a chat. @param read null = the piece is none, and should not be one */
export function chatPerPiece(
  id: ImportFormat,
  recognises: (value: unknown) => boolean,
  read: (value: unknown, file: FileFacts) => ImportedChat,
): ChatFormat {
  return {
    id,
    recognises: ({ value }) => recognises(value),
    open: (file) => ({ take: ({ value }) => [read(value, file)], end: () => [] }),
  };
}
