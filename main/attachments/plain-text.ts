/** Owns how the bytes of a text file become text: which encoding they are in, and whether they are text at all. */
import { t } from '../../preload/contract/language.js';
import type { AttachmentDetails, AttachmentKind } from '../../preload/contract/attachments.js';
import { unreadable } from './extracted.js';

type Encoding = NonNullable<AttachmentDetails['encoding']>;

/** Of the letters of a text, at most so many may be control characters. */
const mostControls = 0.02;

/**
 * UTF-16 by its byte order mark, UTF-8 where every byte fits it, else Windows-1252, which every byte fits.
 * Line ends become \n; other control characters but tabs are left out.
 * @throws AppError bad-input for what is no text
 */
export function decodeText(bytes: Buffer): { readonly text: string; readonly encoding: Encoding } {
  const encoding = encodingOf(bytes);
  const decoded =
    encoding === 'windows-1252' ? decodeWindows1252(bytes) : new TextDecoder(encoding).decode(bytes);
  const controls = decoded.match(controlCharacters)?.length ?? 0;
  if (decoded.includes('\0') || controls > decoded.length * mostControls) {
    throw unreadable(
      t('This is not a text file: its bytes are no letters.'),
      t('Save its text as a text file or a PDF.'),
    );
  }
  const text = decoded.replace(/\r\n?/g, '\n').replace(controlCharacters, '');
  return { text, encoding };
}

/** Windows-1252 from 0x80 on (WHATWG Encoding Standard, index-windows-1252); Node 20 takes Latin-1 for it. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

export function decodeWindows1252(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\x80-\x9f]/g, (sign) => windows1252[sign.charCodeAt(0) - 0x80]!);
}

/** C0 but tab, line feed and carriage return; DEL; and C1, which no Windows-1252 letter becomes. */
// eslint-disable-next-line no-control-regex -- it is them that are looked for
const controlCharacters = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

function encodingOf(bytes: Buffer): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

const extensions: Partial<Record<AttachmentKind, readonly string[]>> = {
  markdown: ['md', 'markdown', 'mdx'],
  csv: ['csv', 'tsv', 'tab'],
  json: ['json', 'jsonl', 'ndjson', 'geojson', 'ipynb'],
  html: ['html', 'htm', 'xhtml'],
  log: ['log'],
  code:
    // prettier-ignore
    ['c', 'h', 'cc', 'cpp', 'cxx', 'hpp', 'cs', 'css', 'scss', 'dart', 'diff', 'patch', 'ex', 'exs', 'f90', 'go',
     'gradle', 'graphql', 'hs', 'ini', 'java', 'js', 'jsx', 'mjs', 'cjs', 'jl', 'kt', 'lua', 'm', 'ml', 'php', 'pl',
     'ps1', 'py', 'r', 'rb', 'rs', 'scala', 'sh', 'bash', 'sql', 'svelte', 'swift', 'tex', 'toml', 'ts', 'tsx', 'vue',
     'xml', 'yaml', 'yml', 'zig'],
};

/** What a text is, as its name says: only words for people, nothing is read otherwise by it. */
export function textKind(name: string): AttachmentKind {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const found = Object.entries(extensions).find(([, list]) => list.includes(extension));
  return (found?.[0] as AttachmentKind | undefined) ?? 'text';
}
