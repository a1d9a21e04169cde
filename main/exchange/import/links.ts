/** Owns putting what names its parent by an id into order under it, whatever is wrong with the ids; never what it says. */

export type Linked<T> = {
  item: T;
  parent: Linked<T> | null;
  readonly children: Linked<T>[];
};

export type Links<T> = {
  /** Each after its parent; those with the same parent keep their order. */
  readonly ordered: readonly Linked<T>[];
  readonly byId: ReadonlyMap<string, Linked<T>>;
  /** How many had an id of another one, a parent that is not there, or were their own ancestor. */
  readonly repaired: number;
};

/** What has no parent, or one that can't be, begins a path. Without recursion: a chain may be of any length. */
export function link<T extends { readonly id: string; readonly parentId: string | null }>(
  items: readonly T[],
): Links<T> {
  const byId = new Map<string, Linked<T>>();
  const nodes: Linked<T>[] = [];
  let repaired = 0;
  for (const item of items) {
    const node: Linked<T> = { item, parent: null, children: [] };
    // Others that name it mean the first.
    if (byId.has(item.id)) repaired++;
    else byId.set(item.id, node);
    nodes.push(node);
  }
  for (const node of nodes) {
    const { parentId } = node.item;
    node.parent = parentId === null ? null : (byId.get(parentId) ?? null);
    if (parentId !== null && node.parent === null) repaired++;
  }
  repaired += cutCircles(nodes);
  const roots: Linked<T>[] = [];
  for (const node of nodes) (node.parent?.children ?? roots).push(node);
  return { ordered: inOrder(roots), byId, repaired };
}

/** @returns how many there were */
function cutCircles<T>(nodes: readonly Linked<T>[]): number {
  let circles = 0;
  const sound = new Set<Linked<T>>();
  for (const node of nodes) {
    const way = new Set<Linked<T>>();
    let at: Linked<T> | null = node;
    while (at !== null && !sound.has(at) && !way.has(at)) {
      way.add(at);
      at = at.parent;
    }
    if (at !== null && way.has(at)) {
      at.parent = null;
      circles++;
    }
    for (const each of way) sound.add(each);
  }
  return circles;
}

function inOrder<T>(roots: readonly Linked<T>[]): Linked<T>[] {
  const ordered: Linked<T>[] = [];
  const waiting = [...roots].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    ordered.push(node);
    for (let at = node.children.length - 1; at >= 0; at--) waiting.push(node.children[at]!);
  }
  return ordered;
}
