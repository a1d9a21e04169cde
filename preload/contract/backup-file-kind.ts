/** Owns the kind of file that a whole backup is. Free of zod, so that the page can have it. */

/** Without its dot. */
export const backupExtension = 'altiplano-backup';

export const isBackupFile = (path: string): boolean => path.toLowerCase().endsWith(`.${backupExtension}`);
