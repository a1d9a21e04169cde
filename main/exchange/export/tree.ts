/** Owns in which order the messages of a chat are told: the path that is shown, and the branches beside it. Pure. */

/** A message, by its place in the tree alone. */
export type TreeNode = { readonly id: string; readonly parentId: string | null };

/** Messages that follow one another, and are told together. */
export type Branch = {
  /** Oldest first. */
  readonly ids: readonly string[];
  /** The place of the first one in its own path, from 1. */
  readonly firstPosition: number;
};

/** The message before each one. */
export const parentsOf = (nodes: readonly TreeNode[]): ReadonlyMap<string, string | null> =>
  new Map(nodes.map(({ id, parentId }) => [id, parentId]));

/** The path that ends at this message, oldest first; ends also where a damaged record points back. */
export function pathTo(parents: ReadonlyMap<string, string | null>, leafId: string | null): string[] {
  const path = new Set<string>();
  for (let id = leafId; id !== null && parents.has(id) && !path.has(id); id = parents.get(id) ?? null) {
    path.add(id);
  }
  return [...path].reverse();
}

/**
 * What is not on the path, each message once: every branch goes on to its newest end.
 * @param nodes by age
 */
export function branchesBeside(nodes: readonly TreeNode[], path: readonly string[]): Branch[] {
  const children = childrenOf(nodes);
  const positions = new Map(path.map((id, index) => [id, index + 1]));
  const branches: Branch[] = [];
  for (const { id, parentId } of nodes) {
    if (positions.has(id)) continue;
    const firstPosition = (parentId === null ? 0 : (positions.get(parentId) ?? 0)) + 1;
    const ids: string[] = [];
    for (let next: string | undefined = id; next !== undefined && !positions.has(next);) {
      positions.set(next, firstPosition + ids.length);
      ids.push(next);
      next = children.get(next)?.at(-1);
    }
    branches.push({ ids, firstPosition });
  }
  return branches;
}

/** The ends of all paths, by age. */
export function leavesOf(nodes: readonly TreeNode[]): string[] {
  const children = childrenOf(nodes);
  return nodes.flatMap(({ id }) => (children.has(id) ? [] : [id]));
}

/** All versions of each message that has more than one, by age; itself among them. */
export function versionsOf(nodes: readonly TreeNode[]): ReadonlyMap<string, readonly string[]> {
  const places = new Set<string | null>();
  const shared = new Map<string | null, string[]>();
  for (const { parentId } of nodes) {
    if (places.has(parentId)) shared.set(parentId, []);
    else places.add(parentId);
  }
  const versions = new Map<string, string[]>();
  for (const { id, parentId } of nodes) {
    const here = shared.get(parentId);
    if (here === undefined) continue;
    here.push(id);
    versions.set(id, here);
  }
  return versions;
}

/** The messages that follow each one, by age. */
export function childrenOf(nodes: readonly TreeNode[]): ReadonlyMap<string | null, readonly string[]> {
  const children = new Map<string | null, string[]>();
  for (const { id, parentId } of nodes) {
    const known = children.get(parentId);
    if (known === undefined) children.set(parentId, [id]);
    else known.push(id);
  }
  return children;
}
