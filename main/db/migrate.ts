/** Owns the version of the database: brings an older one up to date, refuses a newer one. */
import { t } from '../../preload/contract/language.js';
import type { Database } from 'better-sqlite3';
import { AppError } from '../../preload/contract/errors.js';
import { init } from './migrations/0010-init.js';
import { contextBudget } from './migrations/0020-context-budget.js';
import { catalogue } from './migrations/0030-catalogue.js';
import { downloads } from './migrations/0040-downloads.js';
import { modelRecords } from './migrations/0050-model-records.js';
import { modelHeaders } from './migrations/0051-model-headers.js';
import { organise } from './migrations/0065-organise.js';
import { drafts } from './migrations/0066-drafts.js';
import { search } from './migrations/0075-search.js';
import { attachments } from './migrations/0080-attachments.js';
import { presets } from './migrations/0090-presets.js';
import { chatLevels } from './migrations/0091-chat-levels.js';
import { trash } from './migrations/0100-trash.js';
import { draftAttachments } from './migrations/0105-draft-attachments.js';
import { characters } from './migrations/0110-characters.js';
import { notes } from './migrations/0120-notes.js';
import { workshop } from './migrations/0130-workshop.js';
import { imports } from './migrations/0140-imports.js';
import { arena } from './migrations/0150-arena.js';
import { connections } from './migrations/0170-connections.js';
import { outgoingRequests } from './migrations/0180-outgoing-requests.js';
import { promptSets } from './migrations/0181-prompt-sets.js';
import { batches } from './migrations/0182-batches.js';

/** Append only; numbers rise, with gaps so that branches can slot in. */
const migrations: readonly { readonly version: number; readonly sql: string }[] = [
  { version: 10, sql: init },
  { version: 20, sql: contextBudget },
  { version: 30, sql: catalogue },
  { version: 40, sql: downloads },
  { version: 50, sql: modelRecords },
  { version: 51, sql: modelHeaders },
  { version: 65, sql: organise },
  { version: 66, sql: drafts },
  { version: 75, sql: search },
  { version: 80, sql: attachments },
  { version: 90, sql: presets },
  { version: 91, sql: chatLevels },
  { version: 100, sql: trash },
  { version: 105, sql: draftAttachments },
  { version: 110, sql: characters },
  { version: 120, sql: notes },
  { version: 130, sql: workshop },
  { version: 140, sql: imports },
  { version: 150, sql: arena },
  { version: 170, sql: connections },
  { version: 180, sql: outgoingRequests },
  { version: 181, sql: promptSets },
  { version: 182, sql: batches },
];

export const latestVersion = migrations.at(-1)!.version;

/**
 * Runs every migration that the database lacks, in one transaction.
 * @throws AppError `database-newer` when a later Altiplano wrote it; nothing is changed then.
 */
export function migrate(db: Database): void {
  const current = db.pragma('user_version', { simple: true }) as number;
  if (current > latestVersion) {
    throw new AppError({
      code: 'database-newer',
      message: t('Your chats were saved by a newer version of Altiplano.'),
      hint: t('Install the newest version to open them. Nothing was changed.'),
      details: `database version ${current}, this app knows up to ${latestVersion}`,
    });
  }
  db.transaction(() => {
    for (const { version, sql } of migrations) {
      if (version <= current) continue;
      db.exec(sql);
      db.pragma(`user_version = ${version}`);
    }
  })();
}
