/**
 * Owns which images of a text may be drawn: small pictures that stand in the text itself, of formats that hold nothing
 * but pixels. Nothing is loaded, neither from the network nor from this machine.
 */
import { t } from '../../preload/contract/language.js';

export type DrawnImage = { readonly src: string; readonly width: number; readonly height: number };

/** Bytes; what is larger is rather a file than part of a text. */
const maxBytes = 4_000_000;
/** Pixels: a few bytes can say that they are a picture that no memory holds. */
const maxPixels = 40_000_000;

type Size = readonly [width: number, height: number];

/** How each format begins, and where it says its size; null when it does not. */
const formats: Readonly<Record<string, (bytes: Uint8Array, view: DataView) => Size | null>> = {
  // PNG specification, 5.2 and 11.2.2.
  png: (bytes, view) =>
    startsWith(bytes, 0, '\x89PNG\r\n\x1a\n') ? [view.getUint32(16), view.getUint32(20)] : null,
  // GIF89a specification, 17 and 18.
  gif: (bytes, view) =>
    startsWith(bytes, 0, 'GIF8') ? [view.getUint16(6, true), view.getUint16(8, true)] : null,
  jpeg: jpegSize,
  webp: webpSize,
};

/** The picture in a `data:` address; null when it is not drawn. */
export function drawnImage(href: string): DrawnImage | null {
  const [, format, base64] =
    /^data:image\/(png|jpeg|gif|webp);base64,([A-Za-z\d+/]+={0,2})$/i.exec(href) ?? [];
  if (format === undefined || base64 === undefined || base64.length * 0.75 > maxBytes) return null;
  try {
    const bytes = Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0));
    const size = formats[format.toLowerCase()]!(bytes, new DataView(bytes.buffer));
    if (size === null || size[0] * size[1] === 0 || size[0] * size[1] > maxPixels) return null;
    return { src: href, width: size[0], height: size[1] };
  } catch {
    // Not base64, or cut off before its size.
    return null;
  }
}

/** Why an image is not drawn, as the end of its name. */
export function whyNotDrawn(href: string): string {
  if (/^data:/i.test(href)) return t('not shown: only small PNG, JPEG, GIF and WebP pictures are');
  if (/^https?:/i.test(href)) return t('not loaded: its server would learn of you');
  return t('not loaded: texts reach no files');
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  return [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0));
}

/** The first frame header among the segments (ITU T.81, B.1.1.3 and B.2.2). */
function jpegSize(bytes: Uint8Array, view: DataView): Size | null {
  if (!startsWith(bytes, 0, '\xff\xd8\xff')) return null;
  for (let at = 2; bytes[at] === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = bytes[at + 1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [view.getUint16(at + 7), view.getUint16(at + 5)];
  }
  return null;
}

/** RFC 9649, 2.5 to 2.7. */
function webpSize(bytes: Uint8Array, view: DataView): Size | null {
  if (!startsWith(bytes, 0, 'RIFF') || !startsWith(bytes, 8, 'WEBPVP8')) return null;
  const uint24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  switch (bytes[15]) {
    case 0x20:
      return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
    case 0x4c: {
      const bits = view.getUint32(21, true);
      return [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)];
    }
    case 0x58:
      return [1 + uint24(24), 1 + uint24(27)];
    default:
      return null;
  }
}
