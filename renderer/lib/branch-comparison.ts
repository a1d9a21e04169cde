/** Owns where two branches of a chat part, and how two texts differ by their words. No DOM. */
import type { TreeMessage } from '../../preload/contract/branches.js';
import { diff } from './diff.js';

export type Parting = {
  /** Messages that both branches begin with. */
  readonly common: number;
  /** What each has after them, oldest first. */
  readonly left: readonly TreeMessage[];
  readonly right: readonly TreeMessage[];
  /** What there is to choose from where they part, by age. */
  readonly versions: readonly TreeMessage[];
};

/** The end of the branch that goes on from a message by the newest replies, as choosing a version shows it. */
export function endOf(tree: readonly TreeMessage[], messageId: string): string {
  const newest = new Map(tree.map(({ id, parentId }) => [parentId, id]));
  let end = messageId;
  for (let next = newest.get(end); next !== undefined; next = newest.get(end)) end = next;
  return end;
}

/**
 * Where the branches that end with these two messages part; null when one of them is not there.
 * @param tree in the order of `chats.tree`
 */
export function partingOf(tree: readonly TreeMessage[], leftId: string, rightId: string): Parting | null {
  const byId = new Map(tree.map((message) => [message.id, message]));
  const [left, right] = [pathTo(byId, leftId), pathTo(byId, rightId)];
  if (left === null || right === null) return null;
  let common = 0;
  while (common < Math.min(left.length, right.length) && left[common] === right[common]) common++;
  const before = left[common - 1]?.id ?? null;
  return {
    common,
    left: left.slice(common),
    right: right.slice(common),
    versions: tree.filter(({ parentId }) => parentId === before),
  };
}

function pathTo(byId: ReadonlyMap<string, TreeMessage>, id: string): TreeMessage[] | null {
  const path: TreeMessage[] = [];
  for (let at: string | null = id; at !== null;) {
    const message = byId.get(at);
    if (message === undefined) return null;
    path.push(message);
    at = message.parentId;
  }
  return path.reverse();
}

/** A stretch of a text; `isOwn` = the other text lacks it. */
export type Piece = { readonly text: string; readonly isOwn: boolean };

/** Both texts in stretches, by words and signs. */
export function wordDifference(left: string, right: string): { left: Piece[]; right: Piece[] } {
  const [a, b] = [wordsOf(left), wordsOf(right)];
  const pieces = { left: [] as Piece[], right: [] as Piece[] };
  for (const { kind, from, length } of diff(a, b)) {
    const text = (kind === 'gone' ? a : b).slice(from, from + length).join('');
    if (kind !== 'new') pieces.left.push({ text, isOwn: kind === 'gone' });
    if (kind !== 'gone') pieces.right.push({ text, isOwn: kind === 'new' });
  }
  return pieces;
}

const wordsOf = (text: string): readonly string[] => text.match(/[\p{L}\p{M}\p{N}]+|\s+|[^]/gu) ?? [];
