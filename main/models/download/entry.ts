/** Owns one line of the list of downloads: what is kept of it, and how it is shown; pure. */
import { msg, t } from '../../../preload/contract/language.js';
import { join } from 'node:path';
import type { Download } from '../../../preload/contract/downloads.js';
import type { DownloadRecord } from '../../db/downloads.js';
import type { Progress } from './job.js';

export type Entry = {
  record: DownloadRecord;
  /** Of the run that goes on, or of the last one. */
  progress: Progress | null;
  isRunning: boolean;
};

/** Where its files go, in the order of the request. */
export const pathsOf = ({ request }: DownloadRecord, folder: string) =>
  request.files.map(({ fileName }) => join(folder, fileName));

const offlineNote = msg('Altiplano is offline. This goes on when you go online.');

/** An entry as the page sees it. */
export function shown({ record, progress, isRunning }: Entry, folder: string, isOffline: boolean): Download {
  const sizes = record.request.files.map(
    ({ sizeBytes }, index) => record.fetched[index]?.sizeBytes ?? sizeBytes,
  );
  const known = sizes.every((size) => size !== null);
  const waitsForNetwork = isOffline && record.state === 'queued';
  const state = waitsForNetwork
    ? 'waiting'
    : record.state === 'queued' && isRunning
      ? progress?.isWaiting === true
        ? 'waiting'
        : 'running'
      : record.state;
  const isLive = !waitsForNetwork && (state === 'running' || state === 'waiting');
  return {
    id: record.id,
    name: record.request.name,
    source: record.request.source,
    state: state === 'cancelled' ? 'paused' : state,
    receivedBytes:
      progress?.receivedBytes ?? record.fetched.reduce((sum, file) => sum + (file?.sizeBytes ?? 0), 0),
    sizeBytes:
      progress?.sizeBytes ?? (known ? sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) : null),
    bytesPerSecond: isLive ? (progress?.bytesPerSecond ?? 0) : 0,
    note: waitsForNetwork ? t(offlineNote) : isLive ? (progress?.note ?? null) : null,
    retryAtMs: isLive ? (progress?.retryAtMs ?? null) : null,
    error: record.error,
    paths: record.state === 'done' ? pathsOf(record, folder) : [],
  };
}
