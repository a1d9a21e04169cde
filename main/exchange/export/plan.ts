/** Owns what an export is made of: which chats, in which files, and the texts of each; reads as the texts are taken. */
import { t } from '../../../preload/contract/language.js';
import { AppError } from '../../../preload/contract/errors.js';
import { exportFormats } from '../../../preload/contract/export-formats.js';
import type { ExportRequest } from '../../../preload/contract/exchange.js';
import { fileNameOf, UniqueNames } from './file-names.js';
import { writers } from './formats.js';
import { writeOwnJson } from './own-json.js';
import { writePlainText } from './plain-text.js';
import type { ChatPart, ExportedChat, Source } from './source.js';

/** How often each message is read: for the progress. */
const passes: Partial<Record<ExportRequest['format'], number>> = {
  'text-generation-webui': 3,
  sillytavern: 2,
};

export type Stamp = { readonly app: string; readonly exportedAt: number };
/** A file of an export: its name, and the texts that it is made of. */
type PlannedFile = { readonly name: string; readonly texts: () => Iterable<string> };

export class ExportPlan {
  readonly chatIds: readonly string[];
  readonly messages: number;
  readonly #source: Source;
  readonly #request: ExportRequest;
  readonly #stamp: Stamp;
  readonly #part: ChatPart;
  #reads = 0;

  /** @throws AppError `not-found` when there is nothing to export */
  constructor(source: Source, request: ExportRequest, stamp: Stamp) {
    const { scope, branches, format } = request;
    this.#source = source;
    this.#request = request;
    this.#stamp = stamp;
    this.chatIds = source.chatIds(scope);
    this.#part = scope.kind === 'message' ? { messageId: scope.messageId } : branches ? 'tree' : 'path';
    this.messages = this.chatIds.reduce((sum, id) => sum + source.countMessages(id, this.#part), 0);
    if (this.messages === 0) {
      throw new AppError({
        code: 'not-found',
        message: t('There is nothing to export: no message was written yet.'),
        hint: t('Choose another scope.'),
      });
    }
    if (scope.kind === 'message' && !exportFormats[format].forMessage) {
      throw new AppError({
        code: 'bad-input',
        message: t('This format has no place for a single message.'),
        hint: t('Choose another format, or the whole chat.'),
      });
    }
  }

  /** Messages that were written, as far as that is known. */
  get done(): number {
    return Math.min(this.messages, Math.floor(this.#reads / (passes[this.#request.format] ?? 1)));
  }

  /** The name of the one file, or of the archive, without its folder. */
  get fileName(): string {
    const { scope, format } = this.#request;
    const title =
      this.chatIds.length === 1
        ? this.#source.head(this.chatIds[0]!).title
        : scope.kind === 'folder'
          ? this.#source.folderName(scope.folderId)
          : t('Altiplano chats {date}', {
              date: new Date(this.#stamp.exportedAt).toISOString().slice(0, 10),
            });
    return fileNameOf(title, exportFormats[format].extension);
  }

  /** One file for all chats where the format can hold them, else one for each, in the folders of the app. */
  files(): PlannedFile[] {
    if (exportFormats[this.#request.format].holdsMany || this.chatIds.length === 1) {
      return [{ name: this.fileName, texts: () => this.all() }];
    }
    const names = new UniqueNames();
    return this.chatIds.map((id) => {
      const { title, folderId } = this.#source.head(id);
      const name = fileNameOf(title, exportFormats[this.#request.format].extension);
      const folder = folderId === null ? '' : `${fileNameOf(this.#source.folderName(folderId), '')}/`;
      return { name: names.take(folder + name), texts: () => this.#textsOf(id) };
    });
  }

  /** All chats one after another. */
  *all(): Generator<string> {
    const { chatIds } = this;
    if (this.#request.format === 'altiplano') return yield* this.#own();
    for (const id of chatIds) yield* this.#textsOf(id);
  }

  /** The same as people read it: of what is drawn, the words, and no pictures. */
  *inWords(): Generator<string> {
    const { format, metadata } = this.#request;
    if (format === 'altiplano') return yield* this.#own(0);
    if (format !== 'html' && format !== 'pdf') return yield* this.all();
    for (const chat of this.#chats()) yield* writePlainText(chat, { metadata });
  }

  #own(pictureBytes?: number): Generator<string> {
    const used = this.#source.usedBy(this.chatIds, pictureBytes);
    return writeOwnJson(this.#chats(), { ...this.#stamp, ...used });
  }

  *#textsOf(id: string): Generator<string> {
    const { format, metadata } = this.#request;
    if (format !== 'altiplano') yield* writers[format](this.#chat(id), { metadata });
  }

  *#chats(): Generator<ExportedChat> {
    for (const id of this.chatIds) yield this.#chat(id);
  }

  #chat(id: string): ExportedChat {
    const chat = this.#source.chat(id, this.#part);
    return {
      ...chat,
      message: (messageId) => {
        this.#reads++;
        return chat.message(messageId);
      },
    };
  }
}
