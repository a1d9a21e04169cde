/** Owns the attachments of messages that are not sent yet: has them read, and keeps them over a restart; never a sent one. */
import { t } from '../../preload/contract/language.js';
import {
  type Attachment,
  type AttachmentSource,
  type AttachmentWithText,
} from '../../preload/contract/attachments.js';
import { AppError } from '../../preload/contract/errors.js';
import type { Database } from '../db/client.js';
import { details } from './extracted.js';
import type { Reader } from './reading.js';

type Options = {
  readonly db: Pick<Database, 'listDraftFiles' | 'saveDraftFiles'>;
  readonly read: Reader;
  readonly onProgress: (id: string, progress: number) => void;
};

/** Of those that were removed, the last ones are kept for who thinks again. */
const keptRemoved = 10;

export class DraftAttachments {
  readonly #kept = new Map<string, AttachmentWithText>();
  readonly #reading = new Map<string, AbortController>();
  /** The latest at the end. */
  readonly #removed = new Map<string, AttachmentWithText>();
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Those that were kept when the app ended. */
  async load(): Promise<{ chatId: string | null; attachment: Attachment }[]> {
    const files = await this.#options.db.listDraftFiles();
    for (const { file } of files) this.#kept.set(file.id, file);
    return files.map(({ chatId, file }) => ({ chatId, attachment: withoutText(file) }));
  }

  /**
   * Saves that these are the files of a chat's draft, in this order.
   * @param chatId null = the chat that is not made yet
   */
  async save(chatId: string | null, ids: readonly string[]): Promise<void> {
    const files = ids.flatMap((id) => this.#kept.get(id) ?? []);
    await this.#options.db.saveDraftFiles(chatId, files);
  }

  /** @throws AppError with why it can't be read and what to do; `cancelled` when it was removed meanwhile */
  async add(id: string, source: AttachmentSource): Promise<Attachment> {
    const attachment = source.kind === 'pasted' ? pasted(id, source) : await this.#read(id, source);
    this.#kept.set(id, attachment);
    return withoutText(attachment);
  }

  async #read(
    id: string,
    source: Exclude<AttachmentSource, { kind: 'pasted' }>,
  ): Promise<AttachmentWithText> {
    const cancel = new AbortController();
    this.#reading.set(id, cancel);
    try {
      const { name, sizeBytes, extracted } = await this.#options.read(source, {
        onProgress: (progress) => this.#options.onProgress(id, progress),
        signal: cancel.signal,
      });
      const { kind, text, details } = extracted;
      return { id, name, kind, sizeBytes, characters: text.length, details, part: { kind: 'all' }, text };
    } finally {
      this.#reading.delete(id);
    }
  }

  remove(id: string): void {
    this.#reading.get(id)?.abort();
    const attachment = this.#kept.get(id);
    if (attachment === undefined) return;
    this.#kept.delete(id);
    this.#removed.set(id, attachment);
    const [oldest] = this.#removed.keys();
    if (this.#removed.size > keptRemoved) this.#removed.delete(oldest!);
  }

  /** @throws AppError `not-found` */
  restore(id: string): Attachment {
    const attachment = this.#removed.get(id);
    if (attachment === undefined) throw gone();
    this.#removed.delete(id);
    this.#kept.set(id, attachment);
    return withoutText(attachment);
  }

  /** Undefined for one that is not waiting to be sent. */
  find(id: string): AttachmentWithText | undefined {
    return this.#kept.get(id);
  }

  /** In this order. @throws AppError `not-found` when one of them is gone */
  all(ids: readonly string[]): AttachmentWithText[] {
    return ids.map((id) => {
      const attachment = this.#kept.get(id);
      if (attachment === undefined) throw gone();
      return attachment;
    });
  }

  /** @throws AppError `not-found`; `bad-input` for pages that it lacks */
  setPart(id: string, part: Attachment['part']): Attachment {
    const [attachment] = this.all([id]);
    const { pages } = attachment!.details;
    if (part.kind === 'pages' && (pages === null || part.from > part.to || part.to > pages)) {
      throw new AppError({
        code: 'bad-input',
        message: t('There are no such pages.'),
        ...(pages === null ? {} : { hint: t('Choose pages from 1 to {pages}.', { pages }) }),
      });
    }
    const changed = { ...attachment!, part };
    this.#kept.set(id, changed);
    return withoutText(changed);
  }

  /** @throws AppError `not-found` when it is gone, or was not pasted */
  pastedText(id: string): string {
    const [attachment] = this.all([id]);
    if (attachment!.kind !== 'pasted') throw gone();
    return attachment!.text;
  }

  /** They were sent. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.#kept.delete(id);
  }
}

function pasted(
  id: string,
  { name, text }: Extract<AttachmentSource, { kind: 'pasted' }>,
): AttachmentWithText {
  const plain = text.replace(/\r\n?/g, '\n').replaceAll('\0', '');
  return {
    ...{ id, name, kind: 'pasted', sizeBytes: Buffer.byteLength(plain), characters: plain.length },
    ...{ details: details(), part: { kind: 'all' }, text: plain },
  };
}

function withoutText({ text: _, ...attachment }: AttachmentWithText): Attachment {
  return attachment;
}

function gone(): AppError {
  return new AppError({
    code: 'not-found',
    message: t('An attachment of this message is gone.'),
    hint: t('Remove it and attach it again.'),
  });
}
