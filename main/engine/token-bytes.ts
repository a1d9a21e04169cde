/** Owns which bytes a token stands for, also where they are a part of a character only. */

/** A byte in the vocabularies of SentencePiece. */
const byteName = /^<0x([\dA-F]{2})>$/;

/**
 * Letters that stand for bytes in byte-level vocabularies: those of Latin-1 that can be seen stand for themselves, the
 * others are counted on from U+0100 (Radford et al. 2019, the code of GPT-2).
 */
const byteOfLetter: ReadonlyMap<string, number> = (() => {
  const isSeen = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  const all = Array.from({ length: 256 }, (_, byte) => byte);
  return new Map(all.map((byte) => [String.fromCharCode(isSeen(byte) ? byte : next++), byte]));
})();

/**
 * @param text what llama.cpp writes for it, with U+FFFD where its bytes are no whole characters
 * @param name how it stands in the vocabulary
 */
export function bytesOfToken(text: string, name: string): Uint8Array {
  if (!text.includes('\uFFFD')) return Buffer.from(text);
  const [, byte] = byteName.exec(name) ?? [];
  if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16));
  const bytes = [...name].map((letter) => byteOfLetter.get(letter));
  return bytes.every((each) => each !== undefined) ? Uint8Array.from(bytes) : Buffer.from(text);
}
