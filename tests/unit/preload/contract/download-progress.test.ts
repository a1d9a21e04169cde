import { expect, test } from 'vitest';
import { activeOf, fractionOf } from '../../../../preload/contract/download-progress.js';
import type { Download } from '../../../../preload/contract/downloads.js';

const download = (state: Download['state'], receivedBytes: number, sizeBytes: number | null): Download => ({
  ...{ id: state, name: state, source: '', state, receivedBytes, sizeBytes },
  ...{ bytesPerSecond: 0, note: null, retryAtMs: null, error: null, paths: [] },
});

test('how far downloads are together counts those that go on by themselves', () => {
  const list = [
    download('running', 50, 100),
    download('waiting', 25, 100),
    download('queued', 0, 100),
    download('paused', 0, 1e9),
    download('failed', 0, 1e9),
    download('done', 7, 7),
  ];
  expect(activeOf(list).map(({ state }) => state)).toEqual(['running', 'waiting', 'queued']);
  expect(fractionOf(list)).toBe(0.25);
  expect(fractionOf([])).toBeNull();
  expect(fractionOf([...list, download('running', 5, null)])).toBeNull();
});
