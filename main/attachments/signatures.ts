/** Owns telling files that are not text by their first bytes; never by their names. */

export type Signature = 'pdf' | 'zip' | 'image' | 'media' | 'office-1997' | 'gguf' | 'archive' | 'program';

const latin = (text: string) => [...Buffer.from(text, 'latin1')];

/** Bytes at a place that tell a format (each format's specification; the list of the Unix command `file`). */
const known: readonly (readonly [signature: Signature, offset: number, bytes: readonly number[]])[] = [
  ['zip', 0, latin('PK\x03\x04')],
  ['zip', 0, latin('PK\x05\x06')],
  ['image', 0, latin('\x89PNG\r\n\x1a\n')],
  ['image', 0, latin('\xff\xd8\xff')],
  ['image', 0, latin('GIF8')],
  ['image', 8, latin('WEBP')],
  ['image', 0, latin('II*\0')],
  ['image', 0, latin('MM\0*')],
  ['image', 0, latin('\0\0\x01\0')],
  ['image', 4, latin('ftypheic')],
  ['image', 4, latin('ftypavif')],
  ['image', 4, latin('ftypmif1')],
  ['media', 4, latin('ftyp')],
  ['media', 0, latin('RIFF')],
  ['media', 0, latin('OggS')],
  ['media', 0, latin('ID3')],
  ['media', 0, latin('fLaC')],
  ['media', 0, latin('\x1aE\xdf\xa3')],
  ['office-1997', 0, latin('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')],
  ['gguf', 0, latin('GGUF')],
  ['archive', 0, latin('\x1f\x8b')],
  ['archive', 0, latin('7z\xbc\xaf\x27\x1c')],
  ['archive', 0, latin('Rar!\x1a')],
  ['archive', 0, latin('\xfd7zXZ\0')],
  ['archive', 0, latin('BZh')],
  ['program', 0, latin('\x7fELF')],
];

/** A PDF may begin with other bytes (ISO 32000-2, appendix on what readers accept). */
const pdfWithinBytes = 1024;

export function signatureOf(bytes: Buffer): Signature | null {
  if (bytes.subarray(0, pdfWithinBytes).includes('%PDF-')) return 'pdf';
  const found = known.find(([, offset, wanted]) => wanted.every((byte, at) => bytes[offset + at] === byte));
  return found?.[0] ?? null;
}
