/** Owns the bytes of JSON files becoming values: which encoding they are in. */
import { decodeWindows1252 } from '../../attachments/plain-text.js';

/** Gives the bytes on as UTF-8 where they are in UTF-16, and without a byte order mark. Other encodings pass. */
export async function* inUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let decoder: InstanceType<typeof TextDecoder> | null | undefined;
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (decoder === undefined) {
      const encoding = utf16Of(bytes);
      decoder = encoding === null ? null : new TextDecoder(encoding);
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
    }
    yield decoder === null ? bytes : Buffer.from(decoder.decode(bytes, { stream: true }));
  }
}

/** By the mark, or by the zero that stands beside the bracket that JSON begins with. */
function utf16Of(start: Buffer): 'utf-16le' | 'utf-16be' | null {
  const [first, second] = start;
  if ((first === 0xff && second === 0xfe) || (isBracket(first) && second === 0)) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || (first === 0 && isBracket(second)) ? 'utf-16be' : null;
}

const isBracket = (byte: number | undefined): boolean => byte === 0x5b || byte === 0x7b;

/**
 * The value of a piece of JSON; bytes that are no UTF-8 are taken as Windows-1252, which fits all.
 * @throws SyntaxError
 */
export function parseJson(bytes: Buffer): { readonly value: unknown; readonly isUtf8: boolean } {
  let words: string;
  let isUtf8 = true;
  try {
    words = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    words = decodeWindows1252(bytes);
    isUtf8 = false;
  }
  return { value: JSON.parse(words), isUtf8 };
}
