/** Owns reading all messages of a chat at once, on whatever branch, in one order that no choice of branch changes. */
import type { Database } from 'better-sqlite3';
import { countIn, shownText, sought, typedText } from '../../preload/contract/find-text.js';
import type { FoundMessage, TreeMessage } from '../../preload/contract/branches.js';

type Row = {
  readonly id: string;
  readonly parent_id: string | null;
  readonly role: string;
  readonly created_at: number;
};
type TextRow = Row & { readonly text: string };
type StartRow = Row & { readonly start: string; readonly length: number; readonly model: string | null };

/** A message with what it follows, null where that is not in the chat. */
type Placed<T> = { readonly row: T; readonly parentId: string | null };

/** Characters that are read of a message for its first words, and how many of them are told. */
const readLength = 400;
const startLength = 160;

export function makeBranchQueries(db: Database) {
  const place = 'id, parent_id, role, created_at';
  // The thinking of a reply is not what it says.
  const answerAt = `iif(ltrim(text) LIKE '<think>%', instr(text, '</think>'), 0)`;
  const starts = db.prepare<[string], StartRow>(
    `SELECT ${place}, model, length(text) AS length,
       substr(text, iif(${answerAt} = 0, 1, ${answerAt} + 8), ${readLength}) AS start
     FROM messages WHERE chat_id = ? AND deleted_at IS NULL`,
  );
  const texts = db.prepare<[string], TextRow>(
    `SELECT ${place}, text FROM messages WHERE chat_id = ? AND deleted_at IS NULL`,
  );
  const leaf = db.prepare<[string], string | null>('SELECT leaf_id FROM chats WHERE id = ?').pluck();

  const inOrder = <T extends Row>(chatId: string, rows: readonly T[]) => {
    const path = pathTo(leaf.get(chatId) ?? null, rows);
    return treeOrder(rows).map((placed) => ({ ...placed, isOnPath: path.has(placed.row.id) }));
  };

  return {
    tree: (chatId: string): TreeMessage[] =>
      inOrder(chatId, starts.all(chatId)).map(({ row, parentId, isOnPath }) => ({
        id: row.id,
        parentId,
        role: row.role === 'user' ? 'user' : 'assistant',
        start: firstWords(row.start, row.role === 'user'),
        createdAt: row.created_at,
        model: row.model,
        length: row.length,
        isOnPath,
      })),
    /** The messages in which a text stands, and how often. */
    findInChat(chatId: string, text: string): FoundMessage[] {
      const wanted = sought(text);
      if (wanted === null) return [];
      return inOrder(chatId, texts.all(chatId)).flatMap(({ row, isOnPath }) => {
        const count = countIn(row.role === 'user' ? typedText(row.text) : shownText(row.text), wanted);
        return count === 0 ? [] : [{ messageId: row.id, count, isOnPath }];
      });
    },
  };
}

/** The messages from the root to one of them; ends also where damaged records point back. */
function pathTo(leaf: string | null, rows: readonly Row[]): ReadonlySet<string> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const path = new Set<string>();
  for (let at = byId.get(leaf ?? ''); at !== undefined && !path.has(at.id); at = byId.get(at.parent_id ?? ''))
    path.add(at.id);
  return path;
}

/**
 * Each message after what it follows, a branch as a whole before the next one, versions by their age. Of messages that
 * follow one another in a circle, the oldest begins a branch of its own.
 */
export function treeOrder<T extends Row>(rows: readonly T[]): Placed<T>[] {
  const byAge = [...rows].sort((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1));
  const ids = new Set(byAge.map(({ id }) => id));
  const children = new Map<string | null, T[]>();
  for (const row of byAge) {
    const parentId = ids.has(row.parent_id ?? '') ? row.parent_id : null;
    const known = children.get(parentId);
    if (known === undefined) children.set(parentId, [row]);
    else known.push(row);
  }
  const placed: Placed<T>[] = [];
  const seen = new Set<string>();
  const follow = (root: T) => {
    const waiting: Placed<T>[] = [{ row: root, parentId: null }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { id } = next.row;
      if (seen.has(id)) continue;
      seen.add(id);
      placed.push(next);
      for (const row of [...(children.get(id) ?? [])].reverse()) waiting.push({ row, parentId: id });
    }
  };
  for (const root of children.get(null) ?? []) follow(root);
  for (const row of byAge) if (!seen.has(row.id)) follow(row);
  return placed;
}

function firstWords(start: string, isTyped: boolean): string {
  const words = (isTyped ? typedText(start) : shownText(start)).replace(/\s+/g, ' ').trim();
  if (words.length <= startLength) return words;
  const space = words.lastIndexOf(' ', startLength);
  return `${words.slice(0, space > startLength / 2 ? space : startLength).trimEnd()}…`;
}
