/** Owns what the thread of backups can do, by name. */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import type { BackupRequest, Watch } from './protocol.js';
import { lookInto, unpack } from './read.js';
import { writeBackup } from './write.js';

/** @throws AppError `cancelled` when the signal asks for it; nothing of it is left then */
export async function doBackupTask(request: BackupRequest, watch: Watch): Promise<unknown> {
  try {
    switch (request.name) {
      case 'write':
        return await writeBackup(request.task, watch);
      case 'look':
        return await lookInto(request.task);
      case 'unpack':
        return await unpack(request.task, watch);
    }
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'AbortError') {
      throw new AppError({ code: 'cancelled', message: t('It was cancelled; nothing was changed.') });
    }
    throw thrown;
  }
}
