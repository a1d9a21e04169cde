/** Owns reading server-sent events from the bytes of an answer; knows nothing of what they say. */
import { t } from '../../preload/contract/language.js';
import { AppError } from '../../preload/contract/errors.js';

/** No event of a reply comes near it. */
const longestEvent = 16 * 1024 * 1024;

/**
 * The data of each event as it comes: WHATWG HTML, 9.2.6. Comments and other fields are passed over; what stands at the
 * end without an empty line after it counts, as some servers leave that out.
 * @throws AppError server-refused for an event that never ends
 */
export async function* eventData(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  for await (const piece of bytes) {
    rest += decoder.decode(piece, { stream: true });
    // A line end may be cut in two: what follows a \r at the end is not known yet.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    for (const line of lines) {
      if (line === '' && data.length > 0) {
        yield data.join('\n');
        data = [];
      } else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
    if (rest.length > longestEvent) throw endless();
  }
  const last = (rest + decoder.decode()).replace(/\r$/, '');
  if (last.startsWith('data:')) data.push(last.slice(last[5] === ' ' ? 6 : 5));
  if (data.length > 0) yield data.join('\n');
}

/** The same of an answer that is no stream, although one was asked for: all of it at once. */
export async function* wholeData(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    length += piece.length;
    if (length > longestEvent) throw endless();
    pieces.push(piece);
  }
  yield Buffer.concat(pieces).toString();
}

const endless = () =>
  new AppError({ code: 'server-refused', message: t('The server sent a piece that never ends.') });
