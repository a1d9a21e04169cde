/** Owns what reading a file for a prompt answers, and how its failures are told. */
import {
  attachmentDetailsSchema,
  type AttachmentDetails,
  type AttachmentKind,
} from '../../preload/contract/attachments.js';
import { AppError } from '../../preload/contract/errors.js';

export type Extracted = {
  readonly kind: AttachmentKind;
  /** Lines end by \n; the pages of a PDF by \f. */
  readonly text: string;
  readonly details: AttachmentDetails;
};

/** A file that a model can't read. @param problem a whole sentence */
export function unreadable(problem: string, hint: string): AppError {
  return new AppError({ code: 'bad-input', message: problem, hint });
}

/** What is known of a file; the rest is at its defaults. */
export const details = (known: Partial<AttachmentDetails> = {}): AttachmentDetails =>
  attachmentDetailsSchema.parse(known);
