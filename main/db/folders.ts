/** Owns the rows of folders and their order; never what lies in them. */
import type { Database } from 'better-sqlite3';
import type { Folder } from '../../preload/contract/chat-list.js';
import { newId } from './id.js';

export function makeFolderQueries(db: Database) {
  const list = db.prepare<[], Folder>('SELECT id, name FROM folders ORDER BY position, id');
  const insert = db.prepare(
    'INSERT INTO folders (id, name, position) SELECT ?, ?, ifnull(max(position), 0) + 1 FROM folders',
  );
  const rename = db.prepare('UPDATE folders SET name = ? WHERE id = ?');
  const empty = db.prepare('UPDATE chats SET folder_id = NULL WHERE folder_id = ? RETURNING id').pluck();
  const remove = db.prepare('DELETE FROM folders WHERE id = ?');
  const place = db.prepare('UPDATE folders SET position = ? WHERE id = ?');

  return {
    listFolders: (): Folder[] => list.all(),
    createFolder(name: string): Folder {
      const id = newId();
      insert.run(id, name);
      return { id, name };
    },
    renameFolder: (folderId: string, name: string): void => void rename.run(name, folderId),
    /** @returns the chats that lay in it: they lie in no folder now */
    removeFolder: db.transaction((folderId: string): string[] => {
      const moved = empty.all(folderId) as string[];
      remove.run(folderId);
      return moved;
    }),
    /** Those that are not named stay where they are. */
    reorderFolders: db.transaction((folderIds: readonly string[]): void => {
      folderIds.forEach((id, index) => place.run(index + 1, id));
    }),
  };
}
