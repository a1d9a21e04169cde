/** Events as servers send them: in pieces that cut lines and letters, with comments, and without what should end them. */
import { expect, test } from 'vitest';
import { eventData } from '../../../../main/remote/events.js';

async function read(pieces: readonly (string | Uint8Array)[]): Promise<string[]> {
  async function* bytes() {
    for (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
  }
  const found: string[] = [];
  for await (const data of eventData(bytes())) found.push(data);
  return found;
}

test('reads the data of events, whatever else is between', async () => {
  const text =
    ': keep-alive\n\nevent: message\ndata: one\nid: 7\n\n\n: ping\ndata:two\n\ndata: a\ndata: b\n\n';
  expect(await read([text])).toEqual(['one', 'two', 'a\nb']);
});

test('line ends of all three kinds, also cut in two', async () => {
  expect(await read(['data: 1\r', '\n\r', '\ndata: 2\r\r', 'data: 3\n\n'])).toEqual(['1', '2', '3']);
});

test('letters that are cut in the middle come whole', async () => {
  const bytes = Buffer.from('data: 🦙 alpaca ñ\n\n');
  expect(await read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(['🦙 alpaca ñ']);
});

test('what stands at the end without an empty line counts', async () => {
  expect(await read(['data: one\n\ndata: two'])).toEqual(['one', 'two']);
  expect(await read(['data: one\n\ndata: two\n'])).toEqual(['one', 'two']);
  expect(await read([])).toEqual([]);
});

test('an event that never ends is refused', async () => {
  const endless = Array.from({ length: 17 }, () => 'x'.repeat(1024 * 1024));
  await expect(read(['data: ', ...endless])).rejects.toMatchObject({ code: 'server-refused' });
});
