/**
 * Owns reading the `.chat` files of GPT4All, versions 1 to 12: a Qt data stream (big-endian; texts in UTF-16 with their
 * length in bytes before them, 0xffffffff for none), whose fields depend on the version.
 */
import { t } from '../../../../preload/contract/language.js';
import { toChat } from '../chat.js';
import { DraftPath, fenced, LossCount, textAttachment, type Draft } from '../draft.js';
import { Unreadable, type FileFacts } from '../format.js';
import type { ImportedAttachment, ImportedChat } from '../neutral.js';
import { name, timeMs } from '../values.js';

const magic = 0xf5d553cc;
const newestVersion = 12;
const none = 0xffffffff;
const maxDepth = 16;

export const isGpt4All = (start: Buffer): boolean => start.length >= 4 && start.readUInt32BE(0) === magic;

/** @throws Unreadable with what is wrong */
export function readGpt4All(bytes: Buffer, { modifiedMs }: FileFacts): ImportedChat {
  if (!isGpt4All(bytes)) throw new Unreadable(t('It is no chat of GPT4All.'));
  const stream = new QtStream(bytes, 4);
  const version = stream.int32();
  if (version < 1) throw new Unreadable(t('It is of a version that is not known ({version}).', { version }));
  if (version > newestVersion) {
    throw new Unreadable(
      t('It was saved by a newer GPT4All (version {version}; up to {newestVersion} is known).', {
        version,
        newestVersion,
      }),
    );
  }
  const createdAt = timeMs(Number(stream.int64()));
  stream.string(); // id
  const title = name(stream.string());
  stream.string(); // name of the user
  const model = name(stream.string());
  if (version > 2) for (let left = stream.count(stream.uint32()); left > 0; left--) stream.string(); // collections
  if (version < 11) skipModelState(stream, version);
  const losses = new LossCount();
  const path = new DraftPath();
  for (let left = stream.count(stream.int32()); left > 0; left--) {
    const draft = readItem(stream, version, model, losses);
    if (draft !== null) path.add([draft]);
  }
  return toChat({ title, createdAt, nodes: path.nodes, losses }, modifiedMs);
}

/** What older versions saved of the model: it is of no use to another program. */
function skipModelState(stream: QtStream, version: number): void {
  const hasCache = version < 6 || stream.bool();
  if (version >= 2) stream.skip(8);
  stream.string();
  stream.string();
  stream.skip(4);
  if (!hasCache) return;
  if (version < 4) stream.skip(4);
  stream.skip(4);
  if (version >= 7) stream.skip(4);
  if (version < 9) stream.skip(stream.size() * 4);
  stream.skip(stream.size() * 4);
  stream.bytes();
}

/** @returns null for what nobody said */
function readItem(stream: QtStream, version: number, model: string | null, losses: LossCount): Draft | null {
  if (version < 12) stream.skip(4); // id
  const label = stream.string();
  const value = stream.string();
  if (version < 10) stream.string();
  stream.string(); // a corrected reply that was sent to its makers
  stream.skip(4); // is current, stopped, thumbs up, thumbs down
  const isError = version >= 11 && label === 'Response: ' && stream.bool();
  skipSources(stream, version);
  const attachments = version >= 10 ? readAttachments(stream, losses) : [];
  const parts = version >= 12 ? readParts(stream, losses, 0) : [];
  const of = (kind: Part['kind']) => parts.filter((part) => part.kind === kind).map((part) => part.text);
  const role = { 'Prompt: ': 'user', 'Response: ': 'assistant', 'System: ': 'system' } as const;
  const own = role[label as keyof typeof role];
  if (own === undefined) return null;
  return {
    role: own,
    text: [...of('said'), value].filter((part) => part.trim() !== '').join('\n\n'),
    thinking: of('thought').join('\n\n'),
    model: own === 'assistant' ? model : null,
    error: isError ? t('This reply ended with an error.') : null,
    attachments,
  };
}

/** Passages of documents that were found for a question. */
function skipSources(stream: QtStream, version: number): void {
  if (version >= 8) {
    for (let left = stream.size(); left > 0; left--) {
      for (let field = 0; field < 7; field++) stream.string();
      stream.skip(12);
    }
  } else if (version >= 3) {
    stream.string();
    for (let left = stream.count(stream.uint32()); left > 0; left--) stream.string();
  }
}

function readAttachments(stream: QtStream, losses: LossCount): ImportedAttachment[] {
  const found: ImportedAttachment[] = [];
  for (let left = stream.size(); left > 0; left--) {
    const url = stream.bytes().toString('utf8');
    const content = stream.bytes();
    const file = decodeURIComponentSafely(url.split('/').at(-1) ?? '');
    // Spreadsheets are kept as they are, not as text.
    if (/\.xlsx$/i.test(file) || content.includes(0)) losses.add('files');
    else found.push(textAttachment(file === '' ? t('File') : file, content.toString('utf8')));
  }
  return found;
}

function decodeURIComponentSafely(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

type Part = { readonly kind: 'said' | 'thought'; readonly text: string };

/** What a reply is made of: text, thinking, uses of tools, and containers of these. */
function readParts(stream: QtStream, losses: LossCount, depth: number): Part[] {
  if (depth > maxDepth) throw new Unreadable(t('Its replies are nested too deeply.'));
  const parts: Part[] = [];
  for (let left = stream.size(); left > 0; left--) {
    const label = stream.string();
    const value = stream.string();
    if (label === 'ToolCall: ') {
      losses.add('tools');
      skipToolCall(stream);
      parts.push({ kind: 'said', text: fenced('tool', value.trim()) });
    } else if (label === 'ToolResponse: ') parts.push({ kind: 'said', text: fenced('result', value.trim()) });
    else if (label === 'Think: ') {
      stream.skip(4); // how long it took
      parts.push({ kind: 'thought', text: value.replace(/^\s*<think>|<\/think>\s*$/g, '').trim() });
    } else if (label === 'Text: ' || label === 'Response: ') parts.push({ kind: 'said', text: value });
    else throw new Unreadable(t('A part of a reply is of a kind that is not known.'));
    parts.push(...readParts(stream, losses, depth + 1));
  }
  return parts;
}

/** Name, parameters (name, type, value), result, error. */
function skipToolCall(stream: QtStream): void {
  stream.string();
  for (let left = stream.size(); left > 0; left--) {
    stream.string();
    stream.skip(4);
    stream.variant();
  }
  stream.string();
  stream.skip(4);
  stream.string();
}

/** Types of Qt values that a parameter has. */
const variantBytes: Readonly<Record<number, number>> = { 1: 1, 2: 4, 3: 4, 4: 8, 5: 8, 6: 8 };
const textVariant = 10;

class QtStream {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  int32 = (): number => this.#bytes.readInt32BE(this.#take(4));
  uint32 = (): number => this.#bytes.readUInt32BE(this.#take(4));
  int64 = (): bigint => this.#bytes.readBigInt64BE(this.#take(8));
  bool = (): boolean => this.#bytes[this.#take(1)] !== 0;

  /** A number of things that are still to come: no more than there are bytes left. */
  count(count: number): number {
    if (count < 0 || count > this.#bytes.length - this.#at) throw cutOff();
    return count;
  }

  size(): number {
    const size = this.int64();
    if (size < 0n || size > BigInt(this.#bytes.length)) throw cutOff();
    return this.count(Number(size));
  }

  bytes(): Buffer {
    const length = this.uint32();
    if (length === none) return Buffer.alloc(0);
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  string(): string {
    const bytes = this.bytes();
    return bytes.length === 0 ? '' : new TextDecoder('utf-16be').decode(bytes).replaceAll('\0', '');
  }

  variant(): void {
    const type = this.uint32();
    const isNull = this.bool();
    if (type === textVariant) this.string();
    else if (variantBytes[type] !== undefined) this.skip(variantBytes[type]);
    else if (!isNull) throw new Unreadable(t('A tool was given something of a kind that is not known.'));
  }

  skip = (length: number): void => void this.#take(length);

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) throw cutOff();
    this.#at = at + length;
    return at;
  }
}

const cutOff = () => new Unreadable(t('The file ends in the middle, or is damaged.'));
