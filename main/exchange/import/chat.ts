/** Owns how what a reader found becomes a chat in the neutral structure, with what every foreign source lacks filled in. */
import { emptyLevel } from '../../../preload/contract/levels.js';
import type { DraftNode, LossCount } from './draft.js';
import { nobody, type ImportedChat } from './neutral.js';
import { makeTree } from './tree.js';

export type FoundChat = {
  readonly title?: string | null;
  readonly createdAt?: number | null;
  readonly updatedAt?: number | null;
  readonly systemPrompt?: string | null;
  readonly nodes: readonly DraftNode[];
  /** The id of the message at the end of the path that is shown; left out = the newest. */
  readonly shownId?: string | null;
  readonly tags?: readonly string[];
  readonly folder?: string | null;
  readonly isPinned?: boolean;
  readonly isArchived?: boolean;
  readonly losses: LossCount;
};

const maxTitle = 300;
const maxTag = 50;

/** @param fallbackMs when the chat says nothing of its time: that of the file */
export function toChat(found: FoundChat, fallbackMs: number): ImportedChat {
  const times = found.nodes.flatMap(({ createdAt }) => createdAt ?? []);
  const first = times.reduce((least, time) => Math.min(least, time), Infinity);
  const last = times.reduce((most, time) => Math.max(most, time), -Infinity);
  const createdAt = found.createdAt ?? (times.length > 0 ? first : (found.updatedAt ?? fallbackMs));
  const updatedAt = Math.max(createdAt, found.updatedAt ?? (times.length > 0 ? last : createdAt));
  const tree = makeTree(found.nodes, found.shownId ?? null, createdAt);
  const { losses } = found;
  losses.add('repaired', tree.repaired);
  losses.add('systemMessages', tree.systemMessages);
  const own = found.systemPrompt?.trim() ? found.systemPrompt : null;
  const prompts = [...new Set([own, tree.systemPrompt].filter((prompt) => prompt !== null))];
  const title = found.title?.trim().replace(/\s+/g, ' ') ?? '';
  return {
    title: title === '' ? null : [...title].slice(0, maxTitle).join(''),
    titleBy: title === '' ? 'words' : 'user',
    createdAt,
    updatedAt,
    level: { ...emptyLevel, systemPrompt: prompts.length === 0 ? null : prompts.join('\n\n') },
    preset: null,
    ...nobody,
    overflow: 'drop-oldest',
    startReplyWith: '',
    folder: found.folder ?? null,
    tags: [
      ...new Set((found.tags ?? []).map((tag) => tag.trim().slice(0, maxTag)).filter((tag) => tag !== '')),
    ],
    pinnedAt: found.isPinned === true ? updatedAt : null,
    archivedAt: found.isArchived === true ? updatedAt : null,
    messages: tree.messages,
    leaf: tree.leaf,
    losses: losses.counts,
  };
}
