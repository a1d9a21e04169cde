/** Owns how readers write down messages before they become a tree: what a message says, and its versions in a row. */
import { textKind } from '../../attachments/plain-text.js';
import type { LossKind } from '../../../preload/contract/import-formats.js';
import type { Inclusion } from '../../../preload/contract/chats.js';
import type { ImportedAttachment, Losses } from './neutral.js';

/** Whose words they are. `none` holds only its place in the tree: it goes, and what follows it moves up. */
export type DraftRole = 'user' | 'assistant' | 'system' | 'tool' | 'none';

export type Draft = {
  readonly role: DraftRole;
  readonly text: string;
  /** What the model thought before it answered. */
  readonly thinking?: string;
  readonly createdAt?: number | null;
  readonly model?: string | null;
  readonly error?: string | null;
  readonly inclusion?: Inclusion;
  readonly attachments?: readonly ImportedAttachment[];
  /** It belongs to one reply with what stands before and after it: the model used a tool. */
  readonly usesTool?: boolean;
};

export type DraftNode = Draft & { readonly id: string; readonly parentId: string | null };

/** Messages in a row, each with its versions; what follows belongs to the version that is shown. */
export class DraftPath {
  readonly nodes: DraftNode[] = [];
  #tip: string | null = null;

  /** The last message, of its versions the one that is shown. */
  get shownId(): string | null {
    return this.#tip;
  }

  /** @param shown the place of the version that is shown */
  add(versions: readonly Draft[], shown = versions.length - 1): void {
    const before = this.#tip;
    for (const [at, version] of versions.entries()) {
      const id = String(this.nodes.length);
      this.nodes.push({ ...version, id, parentId: before });
      if (at === shown) this.#tip = id;
    }
  }
}

/** Counts what could not be kept. */
export class LossCount {
  readonly counts: Losses = {};

  add(kind: LossKind, count = 1): void {
    if (count > 0) this.counts[kind] = (this.counts[kind] ?? 0) + count;
  }
}

/** A file whose text came along. */
export function textAttachment(name: string, text: string): ImportedAttachment {
  return {
    name,
    kind: textKind(name),
    sizeBytes: Buffer.byteLength(text),
    characters: text.length,
    details: { encoding: null, pages: null, emptyPages: 0, rows: null, columns: null, delimiter: null },
    part: { kind: 'all' },
    text,
  };
}

/** Text in a block of code, whatever is in it. @param label the language, or what it is */
export function fenced(label: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${label.replace(/[`\s]+/g, ' ').trim()}\n${text}\n${fence}`;
}

/** Any value, as a person can read it. */
export const asText = (value: unknown): string =>
  typeof value === 'string' ? value.replaceAll('\0', '') : (JSON.stringify(value, null, 2) ?? '');
