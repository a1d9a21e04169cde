/** Owns what the name of a snapshot says, and which ones are kept; never touches the disk. */
import type { Backup, BackupReason } from '../../preload/contract/backups.js';

/** A snapshot whose size is not looked up yet. */
export type SnapshotFacts = Omit<Backup, 'sizeBytes'>;

const form =
  /^altiplano (\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z (daily|manual|update|restore) v(\d+) (\d+) chats (\d+) messages\.db$/;

/** The name tells all that a list shows, so that no snapshot need be opened for it. */
export function snapshotName(facts: Omit<SnapshotFacts, 'id'>): string {
  const time = new Date(facts.madeAt).toISOString().slice(0, 19).replaceAll(':', '-');
  return `altiplano ${time}Z ${facts.reason} v${facts.version} ${facts.chats} chats ${facts.messages} messages.db`;
}

/** Null for any other file. */
export function parseSnapshotName(name: string): SnapshotFacts | null {
  const found = form.exec(name);
  if (found === null) return null;
  const [, day, hours, minutes, seconds, reason, version, chats, messages] = found;
  return {
    id: name,
    madeAt: Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`),
    reason: reason as BackupReason,
    version: Number(version),
    chats: Number(chats),
    messages: Number(messages),
  };
}

const kept = { days: 7, weeks: 4, updates: 3, restores: 3 } as const;
const dayMs = 86_400_000;

/**
 * Those that are no longer needed: all but the last of each of 7 days and of 4 weeks on which there is one, the last
 * before each of 3 updates, and the last 3 before a restore. Those that people made are never among them.
 */
export function surplus<S extends SnapshotFacts>(snapshots: readonly S[]): S[] {
  const newestFirst = [...snapshots].sort((a, b) => b.madeAt - a.madeAt);
  const daily = newestFirst.filter(({ reason }) => reason === 'daily');
  const keep = new Set<S>([
    ...newestFirst.filter(({ reason }) => reason === 'manual'),
    ...firstOfEach(daily, ({ madeAt }) => Math.floor(madeAt / dayMs), kept.days),
    // Weeks begin on Mondays; the first day of 1970 was a Thursday.
    ...firstOfEach(daily, ({ madeAt }) => Math.floor((madeAt / dayMs + 3) / 7), kept.weeks),
    ...firstOfEach(
      newestFirst.filter(({ reason }) => reason === 'update'),
      ({ version }) => version,
      kept.updates,
    ),
    ...newestFirst.filter(({ reason }) => reason === 'restore').slice(0, kept.restores),
  ]);
  return newestFirst.filter((snapshot) => !keep.has(snapshot));
}

/** What may go for lack of space, the oldest first: none that people made, and never the newest of all. */
export function expendable<S extends SnapshotFacts>(snapshots: readonly S[]): S[] {
  const oldestFirst = [...snapshots].sort((a, b) => a.madeAt - b.madeAt);
  return oldestFirst.slice(0, -1).filter(({ reason }) => reason !== 'manual');
}

function firstOfEach<S>(list: readonly S[], key: (one: S) => number, count: number): S[] {
  const found = new Map<number, S>();
  for (const one of list) if (!found.has(key(one))) found.set(key(one), one);
  return [...found.values()].slice(0, count);
}
