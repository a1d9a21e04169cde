/** Owns which pictures are taken: PNG and JPEG of a bounded size, looked at by their headers alone; decodes nothing. */
import { t } from '../../preload/contract/language.js';
import { createHash } from 'node:crypto';
import { characterLimits } from '../../preload/contract/character-limits.js';
import { AppError } from '../../preload/contract/errors.js';
import type { Picture } from '../db/characters.js';
import { isPng, pngSize, readPng } from './png.js';

/** @throws AppError bad-input for a file that is no such picture, damaged, or too large to be shown safely */
export function readPicture(bytes: Uint8Array): Picture {
  if (bytes.length > characterLimits.fileBytes) {
    throw refused(t('it has more than {size} MB', { size: characterLimits.fileBytes / 1e6 }));
  }
  const isJpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  if (!isJpeg && !isPng(bytes)) throw refused(t('it is no PNG or JPEG file'));
  const { width, height } = isJpeg ? jpegSize(bytes) : pngSize(readPng(bytes));
  const { pictureSide, picturePixels } = characterLimits;
  if (width === 0 || height === 0) throw refused(t('it says that it has no pixels'));
  if (width > pictureSide || height > pictureSide || width * height > picturePixels) {
    throw refused(
      t(
        'it says that it has {width} × {height} pixels; at most {most} million are taken, and {side} on a side',
        { width, height, most: picturePixels / 1e6, side: pictureSide },
      ),
    );
  }
  return {
    hash: createHash('sha256').update(bytes).digest('hex'),
    type: isJpeg ? 'image/jpeg' : 'image/png',
    bytes,
  };
}

/** By the frame header (ITU T.81, B.2.2). */
function jpegSize(bytes: Uint8Array): { width: number; height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    // All start-of-frame markers; those between them (C4, C8, CC) are others.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  throw refused(t('its header is damaged'));
}

function refused(why: string): AppError {
  return new AppError({
    code: 'bad-input',
    message: t('This picture can’t be used: {why}.', { why }),
    hint: t('Choose another picture. Nothing was changed.'),
  });
}
