/** Owns reading the text of a PDF by PDF.js; never draws a page, and runs nothing that is in it. */
import { t } from '../../preload/contract/language.js';
import { attachmentLimits } from '../../preload/contract/attachment-limits.js';
import { AppError } from '../../preload/contract/errors.js';
import { details, unreadable, type Extracted } from './extracted.js';

/**
 * The text of all pages, with a form feed between them.
 * @throws AppError bad-input for one that is encrypted, damaged, too long, or holds no text
 */
export async function readPdf(bytes: Buffer, onProgress: (done: number) => void): Promise<Extracted> {
  // Large, and needed by PDFs alone.
  const { getDocument, VerbosityLevel } = await import('unpdf/pdfjs');
  const task = getDocument({
    data: new Uint8Array(bytes),
    isEvalSupported: false,
    useSystemFonts: false,
    disableFontFace: true,
    stopAtErrors: false,
    verbosity: VerbosityLevel.ERRORS,
  });
  const document = await task.promise.catch((thrown: unknown) => {
    throw refusal(thrown);
  });
  const { numPages } = document;
  if (numPages > attachmentLimits.pages) {
    throw unreadable(
      t('This PDF has {count, number} pages; {most, number} are the most that can be read.', {
        count: numPages,
        most: attachmentLimits.pages,
      }),
      t('Split it, and attach the part that matters.'),
    );
  }
  const pages: string[] = [];
  let characters = 0;
  for (let number = 1; number <= numPages; number++) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    page.cleanup();
    const text = items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
    pages.push(text.replaceAll('\f', ' ').trim());
    characters += text.length;
    if (characters > attachmentLimits.characters) break;
    onProgress(number / numPages);
  }
  await task.destroy();
  const emptyPages = pages.filter((text) => text === '').length;
  if (emptyPages === pages.length) {
    throw unreadable(
      t('This PDF holds pictures of pages; there is no text in it to read.'),
      t('Let a program for text recognition (OCR) make a searchable PDF of it.'),
    );
  }
  return {
    kind: 'pdf',
    text: pages.join('\f'),
    details: details({ pages: numPages, emptyPages }),
  };
}

function refusal(thrown: unknown): AppError {
  const name = thrown instanceof Error ? thrown.name : '';
  if (name === 'PasswordException') {
    return unreadable(
      t('This PDF is locked by a password.'),
      t('Open it in a PDF viewer and save or print a copy without the password.'),
    );
  }
  return new AppError(
    {
      code: 'bad-input',
      message: t('This PDF is damaged and can’t be read.'),
      hint: t('Download it again, or save it anew in a PDF viewer.'),
      details: String(thrown),
    },
    { cause: thrown },
  );
}
