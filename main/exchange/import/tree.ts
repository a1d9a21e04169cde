/**
 * Owns making a sound tree of the messages that an export has, whatever is wrong with their ids and parents: nothing that
 * says something is lost. Works without recursion, so that long chats and chains of any length are fine.
 */
import type { ImportedMessage } from './neutral.js';
import type { Draft, DraftNode } from './draft.js';
import { link, type Linked } from './links.js';

type Node = Linked<DraftNode>;

export type Tree = {
  readonly messages: readonly ImportedMessage[];
  readonly leaf: number | null;
  /** What the chat begins with, said by nobody; null = nothing. */
  readonly systemPrompt: string | null;
  /** Messages whose place was broken. */
  readonly repaired: number;
  /** Instructions in mid-chat, which became messages of the user. */
  readonly systemMessages: number;
};

/**
 * @param nodes versions of a message in their order
 * @param shownId the end of the path that is shown; null = the newest
 * @param startMs of messages that have no time and follow none that has
 */
export function makeTree(nodes: readonly DraftNode[], shownId: string | null, startMs: number): Tree {
  const { ordered, byId, repaired } = link(nodes);
  const shown = shownId === null ? undefined : byId.get(shownId);
  const systemPrompt = takeSystemPrompt(ordered, shown);
  let systemMessages = 0;
  for (const node of ordered) {
    if (node.item.role !== 'system') continue;
    node.item = { ...node.item, role: 'user' };
    systemMessages++;
  }
  for (const node of ordered) if (isEmpty(node.item)) node.item = { ...node.item, role: 'none' };
  const kept = ordered.filter(({ item }) => item.role !== 'none');
  for (const node of kept) node.parent = nearestKept(node.parent);
  const merged = mergeToolUse(kept);
  const placeOf = new Map<Node, number>();
  const messages: ImportedMessage[] = [];
  const lastTimeUnder = new Map<number | null, number>();
  for (const node of kept) {
    if (merged.has(node)) continue;
    const parent = node.parent === null ? null : placeOf.get(resolve(node.parent, merged))!;
    const earliest = lastTimeUnder.get(parent) ?? (parent === null ? startMs : messages[parent]!.createdAt);
    const message = toMessage(node.item, parent, earliest);
    lastTimeUnder.set(parent, message.createdAt);
    placeOf.set(node, messages.length);
    messages.push(message);
  }
  const end = shown === undefined ? null : nearestKept(shown);
  const shownPlace = end === null ? null : placeOf.get(resolve(end, merged))!;
  const leaf = messages.length === 0 ? null : newestUnder(messages, shownPlace);
  return { messages, leaf, systemPrompt, repaired, systemMessages };
}

/** Takes the instructions out that nothing was said before; of several ways those of the one that is shown. */
function takeSystemPrompt(ordered: readonly Node[], shown: Node | undefined): string | null {
  const shownWay = new Set<Node>();
  for (let node = shown ?? null; node !== null; node = node.parent) shownWay.add(node);
  const atStart = new Set<Node>();
  const first: Node[] = [];
  for (const node of ordered) {
    if (node.parent !== null && !atStart.has(node.parent)) continue;
    const { role } = node.item;
    if (role === 'none' || role === 'system' || isEmpty(node.item)) atStart.add(node);
    if (role === 'system' && !isEmpty(node.item)) first.push(node);
  }
  const onWay = first.filter((node) => shownWay.has(node));
  const taken = onWay.length > 0 ? onWay : first.slice(0, 1);
  for (const node of taken) node.item = { ...node.item, role: 'none' };
  const prompt = taken.map(({ item }) => item.text).join('\n\n');
  // The same instructions on other ways say nothing new.
  for (const node of first) if (node.item.text === prompt) node.item = { ...node.item, role: 'none' };
  return prompt === '' ? null : prompt;
}

const isEmpty = ({ text, thinking = '', attachments = [], error = null }: Draft): boolean =>
  text.trim() === '' && thinking.trim() === '' && attachments.length === 0 && error === null;

/** Nodes that hold no message pass on who they follow. */
function nearestKept(node: Node | null): Node | null {
  let at = node;
  while (at !== null && at.item.role === 'none') at = at.parent;
  return at;
}

/** Makes one reply of what a model wrote, its tools answered, and it wrote then. @returns those that went into another */
function mergeToolUse(kept: readonly Node[]): ReadonlyMap<Node, Node> {
  const followers = new Map<Node, number>();
  for (const { parent } of kept) if (parent !== null) followers.set(parent, (followers.get(parent) ?? 0) + 1);
  const merged = new Map<Node, Node>();
  for (const node of kept) {
    if (node.item.role === 'tool') node.item = { ...node.item, role: 'assistant', usesTool: true };
    const { parent, item: draft } = node;
    if (parent === null || draft.role !== 'assistant' || followers.get(parent) !== 1) continue;
    const into = resolve(parent, merged);
    if (into.item.role !== 'assistant' || !(draft.usesTool === true || into.item.usesTool === true)) continue;
    into.item = { ...into.item, ...joined(into.item, draft) };
    merged.set(node, into);
  }
  return merged;
}

const resolve = (node: Node, merged: ReadonlyMap<Node, Node>): Node => merged.get(node) ?? node;

const paragraphs = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part.trim() !== '').join('\n\n');

const joined = (first: Draft, second: Draft): Draft => ({
  ...first,
  text: paragraphs(first.text, second.text),
  thinking: paragraphs(first.thinking, second.thinking),
  model: first.model ?? second.model ?? null,
  error: second.error ?? first.error ?? null,
  attachments: [...(first.attachments ?? []), ...(second.attachments ?? [])],
  usesTool: true,
});

function toMessage(draft: Draft, parent: number | null, earliestMs: number): ImportedMessage {
  const thinking = draft.thinking?.trim() ?? '';
  return {
    parent,
    role: draft.role === 'user' ? 'user' : 'assistant',
    text: thinking === '' ? draft.text : `<think>\n${thinking}\n</think>\n\n${draft.text}`,
    inclusion: draft.inclusion ?? 'auto',
    createdAt: draft.createdAt ?? earliestMs,
    editedAt: null,
    model: draft.model ?? null,
    stats: null,
    error: draft.error ?? null,
    revisions: [],
    attachments: draft.attachments ?? [],
  };
}

/** The last of the newest answers under a message; of all when it is null. */
function newestUnder(messages: readonly ImportedMessage[], place: number | null): number {
  let leaf = place;
  // Each message stands after its parent, so one pass goes down the whole way.
  const newest = new Map<number | null, number>();
  for (const [at, { parent }] of messages.entries()) newest.set(parent, at);
  for (let next = newest.get(leaf); next !== undefined; next = newest.get(leaf)) leaf = next;
  return leaf!;
}
