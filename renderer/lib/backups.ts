/** Owns the words for backups. */
import { t } from '../../preload/contract/language.js';
import type { Backup, BackupReason, RecordCounts, Restored } from '../../preload/contract/backups.js';
import { moment } from './format.js';

const reasons: Readonly<Record<BackupReason, string>> = {
  daily: t('Daily'),
  manual: t('Made by you'),
  update: t('Before an update'),
  restore: t('Before a restore'),
};

export const reasonOf = ({ reason }: Backup): string => reasons[reason];

export const madeAt = ({ madeAt: ms }: { readonly madeAt: number }): string => moment(ms);

export function contents({ chats, messages }: RecordCounts): string {
  return t(
    '{chats, plural, one {# chat} other {# chats}}, {messages, plural, one {# message} other {# messages}}',
    { chats, messages },
  );
}

/** What a restore came to, in a sentence or two. @param backup null = an empty database */
export function restoredNote(
  backup: { readonly madeAt: number } | null,
  { rescued, keptAside }: Restored,
): string {
  const what =
    backup === null ? t('Started anew.') : t('Restored the backup of {date}.', { date: madeAt(backup) });
  const came =
    rescued.chats + rescued.messages > 0 ? t('Rescued {contents}.', { contents: contents(rescued) }) : '';
  const kept =
    keptAside === null
      ? t('What was there before is in the list of backups.')
      : t('The damaged file was kept: {path}', { path: keptAside });
  return [what, came, kept].filter((sentence) => sentence !== '').join(' ');
}
