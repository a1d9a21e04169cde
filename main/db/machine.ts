/** Owns which tables tell of the machine, not of what the user has: they stay when a database comes from another one. */
import type { Database } from 'better-sqlite3';
import { copyRows, openDamaged } from './salvage.js';

/** Files and folders of models, what is known of them, their downloads, and the record of what left the machine. */
const machineTables = [
  ...['model_files', 'model_folders', 'model_records'],
  ...['downloads', 'outgoing_requests'],
];

/** @param present path of the database of this machine. @param target an open one that is to take its place */
export function keepMachine(present: string, target: Database): void {
  const source = openDamaged(present);
  try {
    target.transaction(() => {
      for (const table of machineTables) {
        target.exec(`DELETE FROM ${table}`);
        if (source !== null) copyRows(source, target, table);
      }
    })();
  } finally {
    source?.close();
  }
}
