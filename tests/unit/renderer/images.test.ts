import { expect, test } from 'vitest';
import { drawnImage, whyNotDrawn } from '../../../renderer/markdown/images.js';

/** A picture by its bytes, one in each character. */
const data = (format: string, bytes: string) => `data:image/${format};base64,${btoa(bytes)}`;
const number32 = (value: number) =>
  String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const png = (width: number, height: number) =>
  `\x89PNG\r\n\x1a\n${number32(13)}IHDR${number32(width)}${number32(height)}`;
const gif = 'GIF89a\x03\0\x02\0';

test('pictures of the four formats are drawn with the size that they say', () => {
  const pictures: readonly (readonly [format: string, bytes: string])[] = [
    ['png', png(3, 2)],
    ['gif', gif],
    // An application segment of four bytes comes before the frame.
    ['jpeg', '\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x0b\x08\0\x02\0\x03'],
    ['webp', 'RIFF....WEBPVP8 .......\x9d\x01\x2a\x03\0\x02\0'],
    ['webp', 'RIFF....WEBPVP8L....\x2f\x02\x40\0\0'],
    ['webp', 'RIFF....WEBPVP8X........\x02\0\0\x01\0\0'],
  ];
  for (const [format, bytes] of pictures) {
    expect(drawnImage(data(format, bytes)), bytes).toMatchObject({ width: 3, height: 2 });
  }
});

test('nothing else is: other formats, other names, what is loaded, too large, cut off', () => {
  const svg = data('svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const refused = [
    svg,
    svg.replace('svg+xml', 'png'),
    data('png', gif),
    data('png', png(0, 5)),
    data('png', png(100_000, 100_000)),
    data('png', png(3, 2).slice(0, 18)),
    data('png', png(3, 2) + '\0'.repeat(4_000_000)),
    data('jpeg', '\xff\xd8\xff'),
    data('webp', 'RIFF....WEBPVP8?'),
    'data:text/html;base64,PGI+',
    'data:image/png,raw',
    'https://example.org/a.png',
    'file:///home/a.png',
    '//server/share.png',
    '',
  ];
  for (const href of refused) {
    expect(drawnImage(href), href.slice(0, 60)).toBeNull();
    expect(whyNotDrawn(href)).toContain('not ');
  }
});
