/** Owns reading the chats of one file, one after the other, in bounded memory; never where the bytes come from. */
import { msg, t } from '../../../preload/contract/language.js';
import type { ImportFormat } from '../../../preload/contract/import-formats.js';
import { inUtf8, parseJson } from './decoding.js';
import {
  NoChats,
  Unreadable,
  type ChatFormat,
  type FileFacts,
  type Piece,
  type PieceReader,
} from './format.js';
import { formatOf, recognise } from './formats.js';
import { isGpt4All, readGpt4All } from './formats/gpt4all.js';
import { JsonCutter, type Ending, type PieceLimits, type RawPiece } from './json-pieces.js';
import type { ImportedChat } from './neutral.js';

export type ReadEvent =
  /** Told before the first chat. */
  | { readonly kind: 'format'; readonly format: ImportFormat }
  | { readonly kind: 'chat'; readonly chat: ImportedChat }
  /** Something in the file that could not be read; the rest goes on. */
  | { readonly kind: 'failed'; readonly what: string; readonly why: string };

/** So many pieces at the start are looked at to tell the format. */
const lookedAt = 20;
/** The state of a model may be in it, of which nothing is needed. */
const maxBinaryBytes = 512 * 2 ** 20;

/**
 * @param wanted the format that the user chose; null = the one that the content has
 * @throws Unreadable when nothing in it can be read
 */
export async function* readChats(
  facts: FileFacts,
  chunks: AsyncIterable<Buffer>,
  wanted: ImportFormat | null,
  limits?: PieceLimits,
): AsyncGenerator<ReadEvent> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) throw new NoChats(t('This file is empty.'));
  const all = rejoined(first.value, iterator);
  if (wanted === 'gpt4all' || (wanted === null && isGpt4All(first.value))) {
    yield { kind: 'format', format: 'gpt4all' };
    yield { kind: 'chat', chat: readGpt4All(await wholeOf(all), facts) };
    return;
  }
  yield* new JsonReading(facts, wanted === null ? undefined : formatOf(wanted)).read(all, limits);
}

async function* rejoined(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function wholeOf(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBinaryBytes) throw new Unreadable(t('This file is too large: 512 MB is the most.'));
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}

const problems = {
  'too-large': msg('It is too large: 128 MB is the most for one chat.'),
  'too-deep': msg('It is nested too deeply to be a chat.'),
  'broken-line': msg('Its line is damaged.'),
} as const;

class JsonReading {
  readonly #facts: FileFacts;
  #format: ChatFormat | undefined;
  #reader: PieceReader | null = null;
  /** Pieces that stand before the first one that tells the format. */
  #unknown: Piece[] = [];
  #at = 0;
  /** Whether all since the last chat was UTF-8. */
  #isUtf8 = true;

  constructor(facts: FileFacts, format: ChatFormat | undefined) {
    this.#facts = facts;
    this.#format = format;
  }

  async *read(chunks: AsyncIterable<Buffer>, limits?: PieceLimits): AsyncGenerator<ReadEvent> {
    const cutter = new JsonCutter(limits);
    if (this.#format !== undefined) yield { kind: 'format', format: this.#format.id };
    for await (const chunk of inUtf8(chunks)) {
      for (const piece of cutter.push(chunk)) yield* this.#take(piece);
      if (cutter.isDone) break;
    }
    const ending = cutter.end();
    if (this.#format === undefined) throw unknownFormat(ending);
    if (this.#reader !== null) yield* this.#chatsOf(() => this.#reader!.end());
    if (ending === 'cut-off') {
      yield {
        kind: 'failed',
        what: t('The end of the file'),
        why: t('It ends in the middle: what stood behind is not there.'),
      };
    }
  }

  *#take(raw: RawPiece): Generator<ReadEvent> {
    this.#at++;
    if ('problem' in raw) return yield this.#failed(t(problems[raw.problem]));
    let parsed;
    try {
      parsed = parseJson(raw.bytes);
    } catch {
      return yield this.#failed(t('It is damaged: this is not JSON.'));
    }
    this.#isUtf8 &&= parsed.isUtf8;
    const piece: Piece = { value: parsed.value, place: raw.place };
    if (this.#format === undefined) {
      this.#format = recognise(piece);
      if (this.#format !== undefined) yield { kind: 'format', format: this.#format.id };
    }
    if (this.#format === undefined) {
      this.#unknown.push(piece);
      if (this.#unknown.length > lookedAt) throw unknownFormat('whole');
      return;
    }
    this.#reader ??= this.#format.open(this.#facts);
    const reader = this.#reader;
    const waiting = this.#unknown;
    this.#unknown = [];
    for (const each of [...waiting, piece]) yield* this.#chatsOf(() => reader.take(each));
  }

  *#chatsOf(work: () => readonly ImportedChat[]): Generator<ReadEvent> {
    let chats;
    try {
      chats = work();
    } catch (thrown) {
      if (!(thrown instanceof Unreadable)) throw thrown;
      return yield this.#failed(thrown.message);
    }
    for (const chat of chats) {
      if (chat.messages.length === 0) yield this.#failed(t('It has no messages.'), chat.title);
      else
        yield {
          kind: 'chat',
          chat: this.#isUtf8 ? chat : { ...chat, losses: { ...chat.losses, encoding: 1 } },
        };
    }
    if (chats.length > 0) this.#isUtf8 = true;
  }

  #failed(why: string, title: string | null = null): ReadEvent {
    const isByLines = this.#format?.id === 'silly-tavern' || this.#format?.id === 'jan';
    const place = { number: this.#at };
    const unnamed = isByLines ? t('Line {number}', place) : t('Entry {number}', place);
    return { kind: 'failed', what: title === null ? unnamed : t('“{title}”', { title }), why };
  }
}

function unknownFormat(ending: Ending): NoChats {
  if (ending === 'no-json')
    return new NoChats(t('This file holds no chats: it is none of the known formats.'));
  if (ending === 'cut-off') return new NoChats(t('This file ends in the middle, before its first chat.'));
  return new NoChats(t('This file holds no chats of a known format.'));
}
