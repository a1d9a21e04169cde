import { expect, test, vi } from 'vitest';
import { FrameBatcher } from '../../../../main/engine/frames.js';

test('the first text goes at once, the rest together, nothing is lost', () => {
  const frames: [number, string][] = [];
  const batcher = new FrameBatcher(100, (offset, text) => frames.push([offset, text]));
  for (let token = 0; token < 25; token++) batcher.push(String(token % 10), token * 10);
  batcher.flush(250);
  batcher.flush(250);
  expect(frames).toEqual([
    [0, '0'],
    [1, '1234567890'],
    [11, '1234567890'],
    [21, '1234'],
  ]);
});

test('what came too soon after a batch does not wait for the next token', () => {
  vi.useFakeTimers();
  try {
    const frames: string[] = [];
    const batcher = new FrameBatcher(100, (_offset, text) => frames.push(text));
    batcher.push('a', 1000);
    batcher.push('b', 1020);
    batcher.push('c', 1040);
    vi.advanceTimersByTime(79);
    expect(frames).toEqual(['a']);
    vi.advanceTimersByTime(1);
    expect(frames).toEqual(['a', 'bc']);
  } finally {
    vi.useRealTimers();
  }
});
