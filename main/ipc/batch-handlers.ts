/** Owns what main does for requests about batches: one thin line each, and the dialog for their results' file. */
import { t } from '../../preload/contract/language.js';
import { writeFile } from 'node:fs/promises';
import { dialog } from 'electron';
import { batchCsv, batchJson } from '../arena/batch-export.js';
import { resultsOf } from '../arena/batch-results.js';
import { fileNameOf } from '../exchange/export/file-names.js';
import type { Room, Rooms } from './handlers.js';

export function batchHandlers({ batches, db, window }: Rooms): Room<'batches'> {
  return {
    'batches.list': () => batches.list(),
    'batches.start': (batch) => batches.start(batch),
    'batches.judge': ({ batchId, judgePath }) => batches.judge(batchId, judgePath),
    'batches.pause': ({ batchId }) => batches.pause(batchId),
    'batches.resume': ({ batchId }) => batches.resume(batchId),
    'batches.retry': ({ batchId }) => batches.retry(batchId),
    'batches.delete': ({ batchId }) => batches.remove(batchId),
    'batches.results': async ({ batchId }) => resultsOf(await db.batchOutcome(batchId)),
    'batches.nextDuel': () => batches.nextDuel(),
    'batches.export': async ({ batchId, format }) => {
      const outcome = await db.batchOutcome(batchId);
      const { canceled, filePath } = await dialog.showSaveDialog(window(), {
        title: t('Export the results'),
        defaultPath: fileNameOf(outcome.name, format),
        filters: [{ name: format.toUpperCase(), extensions: [format] }],
      });
      if (canceled || filePath === '') return null;
      const results = resultsOf(outcome);
      await writeFile(filePath, format === 'csv' ? batchCsv(results) : batchJson(outcome, results));
      return filePath;
    },
  };
}
