/** Owns reading parts of a file on the web, for its GGUF header; fetches as little as will do, and never the whole. */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import type { ByteSource } from '../../engine/byte-source.js';
import { parseContentRange } from '../../net/headers.js';
import { readAll, type HttpAnswer } from '../../net/http.js';

/** Most headers say how large a model is within these. */
const firstBytes = 64 * 2 ** 10;
/** No header needs more; one that does is there to fill the memory. */
const mostBytes = 32 * 2 ** 20;

/** Opens a range of the file. @throws AppError for every answer but 206 and 200 */
export type OpenRange = (range: { startByte: number; endByte: number }) => Promise<HttpAnswer>;

/**
 * Reads the start of the file, which tells its size. Each further read asks for twice as much as the one before.
 * @throws AppError server-refused where the server sends no parts of files, and what `open` throws
 */
export async function openRemote(open: OpenRange): Promise<ByteSource> {
  let total = 0;
  const fetched = async (position: number, length: number) => {
    total += length;
    if (total > mostBytes) {
      throw new AppError({
        code: 'model-not-gguf',
        message: t('The header of this file is absurdly large.'),
        hint: t('Choose another one.'),
      });
    }
    const answer = await open({ startByte: position, endByte: position + length - 1 });
    const range = parseContentRange(answer.header('content-range'));
    if (answer.status !== 206 || range?.startByte !== position || range.sizeBytes === null) {
      answer.body.on('error', () => undefined).destroy();
      throw new AppError({
        code: 'server-refused',
        message: t(
          '{host} does not send parts of files, so what is in this one can’t be told before it is downloaded.',
          { host: answer.url.host },
        ),
      });
    }
    return { bytes: await readAll(answer, length), sizeBytes: range.sizeBytes };
  };
  const { bytes: start, sizeBytes } = await fetched(0, firstBytes);
  let next = 2 * firstBytes;
  return {
    sizeBytes,
    read: async (position, atLeastBytes) => {
      if (position + atLeastBytes <= start.length) return start.subarray(position);
      const length = Math.min(Math.max(atLeastBytes, next), sizeBytes - position);
      next *= 2;
      return (await fetched(position, length)).bytes;
    },
  };
}
