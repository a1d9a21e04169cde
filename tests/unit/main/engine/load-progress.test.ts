import { expect, test } from 'vitest';
import type { LoadProgress } from '../../../../preload/contract/engine.js';
import { forwardOnly } from '../../../../main/engine/load-progress.js';

function told(news: readonly LoadProgress[]): LoadProgress[] {
  const heard: LoadProgress[] = [];
  const tell = forwardOnly((at) => heard.push(at));
  news.forEach(tell);
  return heard;
}

test('each whole percent is told once, and news that comes late not at all', () => {
  const at = (progress: number) => ({ progress, onGpu: false });
  expect(told([0, 0.5, 0.501, 0.97, 1, 0.975, 0.994, 1].map(at))).toEqual([0, 0.5, 0.97, 1].map(at));
});

test('that there is no GPU after all is told at once', () => {
  const news = [
    { progress: 0, onGpu: true },
    { progress: 0, onGpu: false },
  ];
  expect(told(news)).toEqual(news);
});
