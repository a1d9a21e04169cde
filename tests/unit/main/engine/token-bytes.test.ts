/** The bytes of tokens, also of parts of a character. */
import { expect, test } from 'vitest';
import { bytesOfToken } from '../../../../main/engine/token-bytes.js';

test.each([
  [' hello', '▁hello', [...Buffer.from(' hello')]],
  ['é', 'Ã©', [0xc3, 0xa9]],
  ['\uFFFD', '<0xE2>', [0xe2]],
  // Byte-level: F0 9F 98 of an emoji, a space before it, and the byte AD, which has no letter of its own.
  ['\uFFFD', 'ðŁĺ', [0xf0, 0x9f, 0x98]],
  [' \uFFFD', 'ĠðŁ', [0x20, 0xf0, 0x9f]],
  ['\uFFFD', 'Ń', [0xad]],
  // U+FFFD itself.
  ['\uFFFD', 'ï¿½', [0xef, 0xbf, 0xbd]],
  ['\uFFFD', '\uFFFD', [0xef, 0xbf, 0xbd]],
])('%j, named %s', (text, name, bytes) => {
  expect([...bytesOfToken(text, name)]).toEqual(bytes);
});
