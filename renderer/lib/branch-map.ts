/** Owns the map of a chat's branches: unbranched stretches as one node each, and where each node is drawn. No DOM. */
import type { TreeMessage } from '../../preload/contract/branches.js';

/** Messages that follow one another without another choice; drawn as one. */
export type Stretch = {
  /** Of its first message. */
  readonly id: string;
  /** Oldest first; at least one. */
  readonly messages: readonly TreeMessage[];
  readonly parent: Stretch | null;
  /** Versions of what follows, by their age. */
  readonly children: Stretch[];
  readonly isOnPath: boolean;
  /** Steps from the beginning: the row it is drawn in. */
  readonly level: number;
  /** Where it is drawn from the left. */
  column: number;
};

type Draft = Stretch & { messages: TreeMessage[]; children: Draft[]; parent: Draft | null };

/** @param tree in the order of `chats.tree` @returns in that order too, a parent before its children */
export function branchMap(tree: readonly TreeMessage[]): readonly Stretch[] {
  const childCount = new Map<string | null, number>();
  for (const { parentId } of tree) childCount.set(parentId, (childCount.get(parentId) ?? 0) + 1);
  const byMessage = new Map<string, Draft>();
  const stretches: Draft[] = [];
  for (const message of tree) {
    const { id, parentId, isOnPath } = message;
    const before = parentId === null ? null : byMessage.get(parentId)!;
    // Where the path ends within a line, what follows is not on it.
    const last = before?.messages.at(-1);
    if (before !== null && childCount.get(parentId) === 1 && last?.isOnPath === isOnPath) {
      before.messages.push(message);
      byMessage.set(id, before);
      continue;
    }
    const level = before === null ? 0 : before.level + 1;
    const stretch: Draft = {
      id,
      messages: [message],
      parent: before,
      children: [],
      isOnPath,
      level,
      column: 0,
    };
    before?.children.push(stretch);
    byMessage.set(id, stretch);
    stretches.push(stretch);
  }
  place(stretches);
  return stretches;
}

/**
 * The child with most below it stands straight under its parent, so that a long conversation goes straight down; the
 * others stand to the right, as near as nothing is crossed.
 */
function place(stretches: readonly Stretch[]): void {
  const weight = new Map<Stretch, number>();
  const height = new Map<Stretch, number>();
  for (const one of [...stretches].reverse()) {
    weight.set(
      one,
      one.children.reduce((sum, child) => sum + weight.get(child)!, one.messages.length),
    );
    height.set(
      one,
      one.children.reduce((most, child) => Math.max(most, height.get(child)! + 1), 0),
    );
  }
  /** The first free column of each row. */
  const free: number[] = [];
  const waiting = stretches.filter(({ parent }) => parent === null).reverse();
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    const { level, parent, children } = one;
    const isTrunk = parent !== null && trunkOf(parent, weight) === one;
    if (isTrunk) one.column = parent.column;
    else
      for (let row = level; row <= level + height.get(one)!; row++)
        one.column = Math.max(one.column, free[row] ?? 0);
    free[level] = Math.max(free[level] ?? 0, one.column + 1);
    const trunk = trunkOf(one, weight);
    waiting.push(...children.filter((child) => child !== trunk).reverse());
    if (trunk !== undefined) waiting.push(trunk);
  }
}

function trunkOf({ children }: Stretch, weight: ReadonlyMap<Stretch, number>): Stretch | undefined {
  return children.reduce<Stretch | undefined>(
    (heaviest, child) =>
      heaviest === undefined || weight.get(child)! > weight.get(heaviest)! ? child : heaviest,
    undefined,
  );
}

const onPathOrFirst = (stretches: readonly Stretch[]): Stretch | undefined =>
  stretches.find(({ isOnPath }) => isOnPath) ?? [...stretches].sort((a, b) => a.column - b.column)[0];

/** Where an arrow key leads: up and down along a branch, left and right along a row. */
export function stepFrom(stretches: readonly Stretch[], from: Stretch, key: string): Stretch | undefined {
  if (key === 'ArrowUp') return from.parent ?? undefined;
  if (key === 'ArrowDown') return onPathOrFirst(from.children);
  if (key === 'Home') return stretches.find(({ isOnPath }) => isOnPath) ?? stretches[0];
  if (key === 'End') return stretches.findLast(({ isOnPath }) => isOnPath) ?? stretches.at(-1);
  const row = stretches.filter(({ level }) => level === from.level).sort((a, b) => a.column - b.column);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
  return step === undefined ? undefined : row[row.indexOf(from) + step];
}
