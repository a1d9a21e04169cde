/** Owns how pins, folders, the archive and the rest become the rows of the sidebar; pure. */
import { t } from '../../preload/contract/language.js';
import type { Folder } from '../../preload/contract/chat-list.js';
import { isIncognito } from '../../preload/contract/incognito.js';
import type { Chat } from '../../preload/contract/chats.js';

export type ChatRow = {
  readonly kind: 'chat';
  readonly key: string;
  readonly chat: Chat;
  readonly inFolder: boolean;
};
export type Row =
  | ChatRow
  | { readonly kind: 'heading'; readonly key: 'pinned' | 'rest'; readonly text: string }
  | {
      readonly kind: 'folder';
      readonly key: string;
      readonly folder: Folder;
      readonly count: number;
      readonly isOpen: boolean;
    }
  | { readonly kind: 'incognito'; readonly key: string; readonly chat: Chat }
  | { readonly kind: 'archive'; readonly key: 'archive'; readonly count: number; readonly isOpen: boolean }
  | {
      readonly kind: 'hint';
      readonly key: string;
      readonly text: string;
      /** The empty folder that it stands in; null = none. */
      readonly folderId: string | null;
    };

/** Where chats come to lie. */
export type Place = 'pins' | 'archive' | { readonly folderId: string | null };

export type RowsView = {
  readonly folders: readonly Folder[];
  readonly closedFolders: readonly string[];
  readonly archiveIsOpen: boolean;
  /** Only the chats with this tag; null = all. */
  readonly tag: string | null;
};

/** @param chats in the order that they are to be shown in */
export function rowsOf(chats: readonly Chat[], view: RowsView): readonly Row[] {
  if (view.tag !== null) return taggedRows(chats, view.tag);
  const pinned: Chat[] = [];
  const rest: Chat[] = [];
  const archived: Chat[] = [];
  const incognito: Chat[] = [];
  const byFolder = new Map<string, Chat[]>(view.folders.map(({ id }) => [id, []]));
  for (const chat of chats) {
    if (isIncognito(chat.id)) incognito.push(chat);
    else if (chat.archivedAt !== null) archived.push(chat);
    else if (chat.pinnedAt !== null) pinned.push(chat);
    else (byFolder.get(chat.folderId ?? '') ?? rest).push(chat);
  }
  const divided = pinned.length + view.folders.length > 0;
  return [
    ...incognito.map((chat) => ({ kind: 'incognito', key: chat.id, chat }) as const),
    ...(pinned.length > 0 ? [{ kind: 'heading', key: 'pinned', text: t('Pinned') } as const] : []),
    ...pinned.map((chat) => chatRow(chat)),
    ...view.folders.flatMap((folder) =>
      folderRows(folder, byFolder.get(folder.id)!, !view.closedFolders.includes(folder.id)),
    ),
    ...(divided && rest.length > 0 ? [{ kind: 'heading', key: 'rest', text: t('Chats') } as const] : []),
    ...rest.map((chat) => chatRow(chat)),
    ...archiveRows(archived, view.archiveIsOpen),
  ];
}

const chatRow = (chat: Chat, inFolder = false): ChatRow => ({ kind: 'chat', key: chat.id, chat, inFolder });

function taggedRows(chats: readonly Chat[], tag: string): readonly Row[] {
  const tagged = chats.filter(({ tags, archivedAt }) => archivedAt === null && tags.includes(tag));
  if (tagged.length === 0)
    return [{ kind: 'hint', key: 'no-tag', text: t('No chats with this tag.'), folderId: null }];
  return tagged.map((chat) => chatRow(chat));
}

function folderRows(folder: Folder, chats: readonly Chat[], isOpen: boolean): readonly Row[] {
  const head = { kind: 'folder', key: folder.id, folder, count: chats.length, isOpen } as const;
  if (!isOpen) return [head];
  if (chats.length > 0) return [head, ...chats.map((chat) => chatRow(chat, true))];
  return [
    head,
    { kind: 'hint', key: `${folder.id} empty`, text: t('Empty. Drag chats here.'), folderId: folder.id },
  ];
}

function archiveRows(chats: readonly Chat[], isOpen: boolean): readonly Row[] {
  if (chats.length === 0) return [];
  const head = { kind: 'archive', key: 'archive', count: chats.length, isOpen } as const;
  return isOpen ? [head, ...chats.map((chat) => chatRow(chat, true))] : [head];
}

/** Where chats go that are dropped on a row. */
export function placeOf(row: Row): Place {
  switch (row.kind) {
    case 'incognito':
      return { folderId: null };
    case 'heading':
      return row.key === 'pinned' ? 'pins' : { folderId: null };
    case 'folder':
      return { folderId: row.folder.id };
    case 'archive':
      return 'archive';
    case 'hint':
      return { folderId: row.folderId };
    case 'chat':
      if (row.chat.archivedAt !== null) return 'archive';
      return row.chat.pinnedAt === null ? { folderId: row.chat.folderId } : 'pins';
  }
}

export const samePlace = (a: Place, b: Place): boolean =>
  typeof a === 'string' || typeof b === 'string' ? a === b : a.folderId === b.folderId;

/** Tags in use, in the order of the alphabet. */
export function tagsOf(chats: readonly Chat[]): readonly string[] {
  return [...new Set(chats.flatMap(({ tags }) => tags))].sort((a, b) => a.localeCompare(b));
}

/** The chats of these rows from one to another, both included, whichever comes first. */
export function rangeOf(rows: readonly Row[], fromId: string, toId: string): readonly string[] {
  const ids = chatIdsOf(rows);
  const [from, to] = [ids.indexOf(fromId), ids.indexOf(toId)];
  if (from === -1 || to === -1) return [toId];
  return ids.slice(Math.min(from, to), Math.max(from, to) + 1);
}

export const chatIdsOf = (rows: readonly Row[]): readonly string[] =>
  rows.flatMap((row) => (row.kind === 'chat' ? [row.key] : []));

/** The part of a list of rows of one height that a view shows, with some rows to each side. */
export function shownRows(
  rowCount: number,
  rowHeightPx: number,
  { scrollTop, height }: { readonly scrollTop: number; readonly height: number },
): { readonly from: number; readonly to: number } {
  const from = Math.floor(scrollTop / rowHeightPx) - spareRows;
  const to = Math.ceil((scrollTop + height) / rowHeightPx) + spareRows;
  return { from: Math.min(Math.max(0, from), rowCount), to: Math.min(Math.max(0, to), rowCount) };
}

const spareRows = 8;
