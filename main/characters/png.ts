/**
 * Owns the chunks of PNG files (PNG specification, third edition, sections 5 and 11): takes them apart, checks them, puts
 * them together; never decodes a picture.
 */
import { t } from '../../preload/contract/language.js';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { AppError } from '../../preload/contract/errors.js';

export type Chunk = { readonly type: string; readonly data: Uint8Array };

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const mostChunks = 100_000;

export const isPng = (bytes: Uint8Array): boolean => signature.equals(bytes.subarray(0, signature.length));

/**
 * All chunks, each with its checksum proven.
 * @throws AppError bad-input for a file that is no PNG, cut off or damaged
 */
export function readPng(bytes: Uint8Array): Chunk[] {
  if (!isPng(bytes)) throw damaged(t('it does not begin as a PNG file does'));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = signature.length; at < bytes.length;) {
    if (chunks.length === mostChunks) throw damaged(t('it has more pieces than any picture'));
    if (at + 12 > bytes.length) throw damaged(t('it is cut off'));
    const length = view.getUint32(at);
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    if (length > bytes.length - at - 12)
      throw damaged(
        isNamed(type)
          ? t('it is cut off in its part {part}', { part: type })
          : t('it is cut off in a part of an unknown kind'),
      );
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)) {
      throw damaged(
        isNamed(type)
          ? t('the checksum of its part {part} is wrong', { part: type })
          : t('the checksum of a part of an unknown kind is wrong'),
      );
    }
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
    if (type === 'IEND') break;
  }
  if (chunks[0]?.type !== 'IHDR' || chunks[0].data.length !== 13) throw damaged(t('its size is missing'));
  if (chunks.at(-1)?.type !== 'IEND') throw damaged(t('its end is missing'));
  return chunks;
}

export function writePng(chunks: readonly Chunk[]): Buffer {
  const parts = chunks.map(({ type, data }) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  });
  return Buffer.concat([signature, ...parts]);
}

/** In pixels, as the header says. */
export function pngSize(chunks: readonly Chunk[]): { readonly width: number; readonly height: number } {
  const { buffer, byteOffset } = chunks[0]!.data;
  const view = new DataView(buffer, byteOffset, 8);
  return { width: view.getUint32(0), height: view.getUint32(4) };
}

/** The keyword of a text chunk; null for other chunks. */
export function keywordOf({ type, data }: Chunk): string | null {
  if (type !== 'tEXt' && type !== 'zTXt' && type !== 'iTXt') return null;
  const end = data.indexOf(0);
  return end < 0 ? null : Buffer.from(data.subarray(0, end)).toString('latin1');
}

/**
 * The text of a tEXt, zTXt or iTXt chunk, as it says in the file.
 * @param mostBytes what a compressed text may become
 * @throws AppError bad-input where it is compressed wrongly, or becomes too large
 */
export function textOf({ type, data }: Chunk, mostBytes: number): string {
  const end = data.indexOf(0);
  const rest = Buffer.from(data.subarray(end + 1));
  if (type === 'tEXt') return rest.toString('latin1');
  if (type === 'zTXt') return inflate(rest.subarray(1), mostBytes).toString('latin1');
  const isCompressed = rest[0] === 1;
  const afterLanguage = rest.indexOf(0, 2);
  const afterKeyword = afterLanguage < 0 ? -1 : rest.indexOf(0, afterLanguage + 1);
  if (afterKeyword < 0) throw damaged(t('one of its texts is damaged'));
  const text = rest.subarray(afterKeyword + 1);
  return (isCompressed ? inflate(text, mostBytes) : text).toString('utf8');
}

function inflate(bytes: Uint8Array, mostBytes: number): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: mostBytes });
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE') {
      throw damaged(
        t('a text in it grows to more than {size} MB when it is unpacked', {
          size: mostBytes / 1e6,
        }),
      );
    }
    throw damaged(t('a text in it can’t be unpacked'));
  }
}

export function textChunk(keyword: string, text: string): Chunk {
  return { type: 'tEXt', data: Buffer.from(`${keyword}\0${text}`, 'latin1') };
}

/** A picture of one colour. @param colour red, green and blue, each from 0 to 255 */
export function plainPng(width: number, height: number, colour: readonly [number, number, number]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a channel, red, green and blue.
  header.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from(colour))]);
  const rows = Buffer.concat(Array.from({ length: height }, () => row));
  return writePng([
    { type: 'IHDR', data: header },
    { type: 'IDAT', data: deflateSync(rows) },
    { type: 'IEND', data: Buffer.alloc(0) },
  ]);
}

const isNamed = (type: string) => /^[A-Za-z]{4}$/.test(type);

function damaged(why: string): AppError {
  return new AppError({
    code: 'bad-input',
    message: t('This picture is damaged: {why}.', { why }),
    hint: t('Get it again from where it came from. Nothing was changed.'),
  });
}
