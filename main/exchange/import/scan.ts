/** Owns going through all that was chosen, chat by chat in a fixed order, so that a second pass finds the same ones. */
import { t } from '../../../preload/contract/language.js';
import { createHash } from 'node:crypto';
import type { ImportFormat } from '../../../preload/contract/import-formats.js';
import { AppError } from '../../../preload/contract/errors.js';
import { filesAt, type SourceFile } from './files.js';
import { NoChats, Unreadable } from './format.js';
import type { ImportedChat } from './neutral.js';
import { readChats } from './read-file.js';

export type ScanRequest = {
  readonly paths: readonly string[];
  /** What the user chose instead of what was found, by the labels of files. */
  readonly formats: Readonly<Record<string, ImportFormat>>;
};

/** `at` counts the chats over all files. */
export type ScanEvent =
  | {
      readonly kind: 'chat';
      readonly at: number;
      readonly label: string;
      readonly format: ImportFormat;
      readonly chat: ImportedChat;
    }
  | { readonly kind: 'failed'; readonly label: string; readonly what: string; readonly why: string }
  /** A file is done; without chats it is told of only when the user chose it or its format. */
  | {
      readonly kind: 'file';
      readonly label: string;
      readonly format: ImportFormat | null;
      readonly error: string | null;
    }
  /** Bytes that were read. */
  | { readonly kind: 'progress'; readonly bytes: number };

export async function* scan({ paths, formats }: ScanRequest): AsyncGenerator<ScanEvent> {
  const counter = { at: 0 };
  for (const path of paths) {
    try {
      for await (const file of filesAt(path)) yield* scanFile(file, formats[file.label] ?? null, counter);
    } catch (thrown) {
      yield { kind: 'file', label: labelOf(path), format: null, error: reasonOf(thrown) };
    }
  }
}

const labelOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

async function* scanFile(
  file: SourceFile,
  wanted: ImportFormat | null,
  counter: { at: number },
): AsyncGenerator<ScanEvent> {
  const { label } = file;
  let format: ImportFormat | null = null;
  let error: string | null = null;
  // Archives and folders hold other things too.
  let isOther = false;
  const progress = { bytes: 0 };
  try {
    for await (const event of readChats(file.facts, counted(file.read(), progress), wanted)) {
      if (event.kind === 'format') ({ format } = event);
      else if (event.kind === 'failed') yield { ...event, label };
      else yield { kind: 'chat', at: counter.at++, label, format: format!, chat: event.chat };
      if (progress.bytes > 0) yield { kind: 'progress', bytes: progress.bytes };
      progress.bytes = 0;
    }
  } catch (thrown) {
    error = reasonOf(thrown);
    isOther = thrown instanceof NoChats && !file.isChosen && wanted === null;
  }
  yield { kind: 'progress', bytes: progress.bytes };
  if (!isOther) yield { kind: 'file', label, format, error };
}

async function* counted(chunks: AsyncIterable<Buffer>, progress: { bytes: number }): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    progress.bytes += chunk.length;
    yield chunk;
  }
}

/** What the user is told. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof Unreadable) return thrown.message;
  if (thrown instanceof Error && 'code' in thrown && (thrown.code === 'EACCES' || thrown.code === 'EPERM')) {
    return t('This file may not be read: the system does not allow it.');
  }
  return t('This file can’t be read: {message}', { message: AppError.from(thrown).message });
}

/** Whether a file is an archive or document of chats, told by its first ones; folders are not looked into. */
export async function holdsChats(path: string): Promise<boolean> {
  try {
    for await (const file of filesAt(path)) if (await hasChats(file)) return true;
  } catch {
    // It is something else, or can't be read.
  }
  return false;
}

async function hasChats(file: SourceFile): Promise<boolean> {
  try {
    for await (const { kind } of readChats(file.facts, file.read(), null)) if (kind === 'format') return true;
  } catch (thrown) {
    if (!(thrown instanceof NoChats)) throw thrown;
  }
  return false;
}

/** By it the same conversation is known again, whatever program or file it comes from. */
export function hashOf({ messages }: ImportedChat): string {
  const hash = createHash('sha256');
  for (const { parent, role, text } of messages) hash.update(JSON.stringify([parent, role, text]));
  return hash.digest('hex');
}
