/** Owns the ids of records: time-ordered, so that a list sorted by id is sorted by age. */
import { randomBytes } from 'node:crypto';

let lastMs = 0;
let counter = 0;
let prefix = '';

/** All ids of this thread begin with it from now on. */
export function prefixIds(text: string): void {
  prefix = text;
}

/** Ids from now on sort after this one, though the clock was set back since it was made. */
export function startIdsAfter(id: string): void {
  const madeMs = parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  // Ids of other programs, and of tests, need not hold a time.
  if (/^[\da-f]{8}-[\da-f]{4}-7/.test(id) && madeMs >= lastMs) [lastMs, counter] = [madeMs, 0xfff];
}

/**
 * A UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix time in milliseconds, then a counter of 12 bits that keeps
 * ids of one millisecond in order (section 6.2, method 1), then random bits.
 */
export function newId(): string {
  const nowMs = Math.max(Date.now(), lastMs);
  counter = nowMs === lastMs ? counter + 1 : 0;
  // A counter that ran over borrows from the next millisecond.
  lastMs = counter > 0xfff ? nowMs + 1 : nowMs;
  counter &= 0xfff;
  const bytes = randomBytes(16);
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return (
    prefix +
    [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  );
}
