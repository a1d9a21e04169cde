/** Owns the words for attachments, and which dropped or pasted things become one. */
import { t } from '../../preload/contract/language.js';
import type { Attachment, AttachmentKind, TokenCost } from '../../preload/contract/attachments.js';
import { bytes } from './format.js';

const kinds: Record<AttachmentKind, string> = {
  text: t('Text'),
  markdown: 'Markdown',
  code: t('Code'),
  csv: 'CSV',
  json: 'JSON',
  html: 'HTML',
  log: t('Log'),
  pdf: 'PDF',
  docx: 'Word',
  pasted: t('Pasted text'),
};

/** What it is, how much of it there is, and how much of that is sent. */
export function factsOf({ kind, details, part, sizeBytes, characters }: Attachment): string {
  const { pages, emptyPages, rows, columns } = details;
  return [
    kinds[kind],
    pages === null ? null : t('{count, plural, one {# page} other {# pages}}', { count: pages }),
    emptyPages > 0 ? t('{count, number} without text', { count: emptyPages }) : null,
    rows === null
      ? null
      : t(
          '{rows, plural, one {# row} other {# rows}} × {columns, plural, one {# column} other {# columns}}',
          { rows, columns: columns ?? 1 },
        ),
    part.kind === 'pages' ? t('only {from}–{to}', { from: part.from, to: part.to }) : null,
    part.kind === 'start'
      ? t('only the first {percent} %', {
          percent: Math.max(1, Math.floor((100 * part.characters) / characters)),
        })
      : null,
    bytes(sizeBytes),
  ]
    .filter((fact) => fact !== null)
    .join(' · ');
}

export const costLine = ({ tokens, isExact }: TokenCost) =>
  isExact
    ? t('{count, plural, one {# token} other {# tokens}}', { count: tokens })
    : t('about {count, plural, one {# token} other {# tokens}}', { count: tokens });

/** How a text file was taken when it may be wrong; null when it can't be. */
export function encodingNote({ details }: Attachment): string | null {
  return details.encoding === 'windows-1252'
    ? t('It is not UTF-8; its letters were taken as Windows-1252. Check that they are right.')
    : null;
}

/** Characters from which on a pasted text becomes an attachment. */
const longPaste = 4000;

/** What a paste brings: files, a text that is too long for the input, or null for what the input takes itself. */
export function pastedThing(
  data: Pick<DataTransfer, 'files' | 'getData'>,
  pathOf: (file: File) => string,
  takesLongText: boolean,
): { readonly files: readonly File[] } | { readonly text: string } | null {
  const files = [...data.files];
  const text = data.getData('text/plain');
  // Office programs add a picture to a copied text; a file of a file manager has a place.
  if (files.length > 0 && (text === '' || files.some((file) => pathOf(file) !== ''))) return { files };
  return takesLongText && text.length > longPaste ? { text } : null;
}
