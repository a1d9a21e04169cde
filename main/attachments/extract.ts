/** Owns which reader a file is read by: decided by what is in it, never by its name. */
import { t } from '../../preload/contract/language.js';
import { attachmentLimits } from '../../preload/contract/attachment-limits.js';
import { AppError } from '../../preload/contract/errors.js';
import { tableShape } from './csv.js';
import { details, unreadable, type Extracted } from './extracted.js';
import { decodeText, textKind } from './plain-text.js';
import { signatureOf, type Signature } from './signatures.js';

/**
 * The text of a file, for a prompt.
 * @param onProgress share of it that is read
 * @throws AppError bad-input with why it can't be read and what to do
 */
export async function extract(
  name: string,
  bytes: Buffer,
  onProgress: (done: number) => void,
): Promise<Extracted> {
  const extracted = await read(name, bytes, onProgress);
  if (extracted.text.trim() === '') {
    throw unreadable(t('There is no text in this file.'), t('Attach another one.'));
  }
  requireLength(extracted.text.length);
  return extracted;
}

/** @throws AppError bad-input */
function requireLength(characters: number): void {
  if (characters <= attachmentLimits.characters) return;
  throw unreadable(
    t('This is too much text: more than {count, number} characters.', { count: attachmentLimits.characters }),
    t('Split it, and attach the part that matters.'),
  );
}

async function read(name: string, bytes: Buffer, onProgress: (done: number) => void): Promise<Extracted> {
  const signature = signatureOf(bytes);
  // Each reader is loaded when it is needed.
  if (signature === 'pdf') return (await import('./pdf.js')).readPdf(bytes, onProgress);
  if (signature === 'zip') return (await import('./docx.js')).readDocx(bytes);
  if (signature !== null) throw refusals[signature]();
  const { text, encoding } = decodeText(bytes);
  const kind = textKind(name);
  return { kind, text, details: details({ encoding, ...(kind === 'csv' ? tableShape(text) : {}) }) };
}

const refusals: Readonly<Record<Exclude<Signature, 'pdf' | 'zip'>, () => AppError>> = {
  image: () =>
    unreadable(
      t('Pictures can’t be attached: the models here read text only.'),
      t('Attach its text instead.'),
    ),
  media: () =>
    unreadable(
      t('Sound and video can’t be attached: the models here read text only.'),
      t('Attach a transcript.'),
    ),
  'office-1997': () =>
    unreadable(
      t('This is a document of Office 97–2003, or one that is locked by a password.'),
      t('Save it as .docx, CSV or PDF without a password, and attach that.'),
    ),
  gguf: () => unreadable(t('This is a model, not a text.'), t('Add it under Models to chat with it.')),
  archive: () => unreadable(t('Archives can’t be read.'), t('Unpack it and attach the files in it.')),
  program: () => unreadable(t('This is a program, not a text.'), t('Attach its source code.')),
};
