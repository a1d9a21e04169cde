import { expect, test } from 'vitest';
import {
  parseContentRange,
  parseLength,
  parseRetryAfterMs,
  rangeHeader,
} from '../../../../main/net/headers.js';

test('ranges are written and read as RFC 9110 has them', () => {
  expect(rangeHeader({ startByte: 0, endByte: 9 })).toBe('bytes=0-9');
  expect(rangeHeader({ startByte: 5, endByte: null })).toBe('bytes=5-');
  expect(parseContentRange('bytes 5-9/100')).toEqual({ startByte: 5, endByte: 9, sizeBytes: 100 });
  expect(parseContentRange('bytes 5-9/*')).toEqual({ startByte: 5, endByte: 9, sizeBytes: null });
  for (const none of [null, '', 'bytes */100', 'pages 1-2/3']) expect(parseContentRange(none)).toBeNull();
});

test('a wait is said in seconds or as a date', () => {
  const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');
  expect(parseRetryAfterMs('120', now)).toBe(120_000);
  expect(parseRetryAfterMs('Wed, 21 Oct 2026 07:28:30 GMT', now)).toBe(30_000);
  expect(parseRetryAfterMs('Wed, 21 Oct 2026 07:00:00 GMT', now)).toBe(0);
  for (const none of [null, 'soon']) expect(parseRetryAfterMs(none, now)).toBeNull();
});

test('a length is a whole number', () => {
  expect(parseLength('12')).toBe(12);
  for (const none of [null, '', '-1', '1.5']) expect(parseLength(none)).toBeNull();
});
