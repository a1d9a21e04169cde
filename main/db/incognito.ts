/**
 * Owns the database of the incognito chat, which is in memory alone and there only while the chat is; and which of the
 * two databases an operation goes to.
 */
import { t } from '../../preload/contract/language.js';
import type { Chat } from '../../preload/contract/chats.js';
import { AppError } from '../../preload/contract/errors.js';
import { isIncognito } from '../../preload/contract/incognito.js';
import type { UndoState } from '../../preload/contract/undo.js';
import type { Database } from './client.js';
import { noSteps, type Histories } from './histories.js';

type Operation = (...args: readonly unknown[]) => Promise<unknown>;

export class Incognito {
  #db: Database | null = null;
  #chat: Promise<Chat> | null = null;
  readonly #start: (onUndoChanged: (state: UndoState) => void) => Database;
  readonly #histories: Histories;

  /**
   * @param start makes an empty database in memory
   * @param histories knows in which database the next step to undo is
   */
  constructor(start: (onUndoChanged: (state: UndoState) => void) => Database, histories: Histories) {
    this.#start = start;
    this.#histories = histories;
  }

  /** The incognito chat; made when there is none. */
  open(): Promise<Chat> {
    this.#chat ??= this.#make();
    return this.#chat;
  }

  /** The chat as a list of one, or of none. */
  async list(): Promise<Chat[]> {
    return (await this.#db?.listChats()) ?? [];
  }

  /** Forgets the chat and all that was said in it. */
  async close(): Promise<void> {
    const db = this.#db;
    this.#db = null;
    this.#chat = null;
    this.#histories.changed('incognito', noSteps);
    await db?.close();
  }

  /**
   * Both databases as one: an operation goes where the chat or the message is that its first argument names, undo where
   * the latest step is.
   */
  join(kept: Database): Database {
    return new Proxy(kept, {
      get: (_target, name) => {
        if (name === 'close') return () => this.close().then(() => kept.close());
        const operation: Operation = (...args) => {
          const isThere =
            name === 'undo' || name === 'redo'
              ? this.#histories.homeOf(name) === 'incognito'
              : isIncognito(subjectOf(args[0]));
          const db = isThere ? this.#opened() : kept;
          return (db[name as keyof Database] as Operation)(...args);
        };
        // Not a promise itself: awaiting the database must not ask it for anything.
        return name === 'then' ? undefined : operation;
      },
    });
  }

  async #make(): Promise<Chat> {
    const db = this.#start((state) => {
      if (db === this.#db) this.#histories.changed('incognito', state);
    });
    this.#db = db;
    const { id } = await db.createChat();
    // Stands in the way of its first words, and is no step of the user as `renameChat` would be.
    await db.setFoundTitle(id, t('Incognito chat'));
    return (await db.findChats([id]))[0]!;
  }

  #opened(): Database {
    if (this.#db !== null) return this.#db;
    throw new AppError({
      code: 'not-found',
      message: t('The incognito chat was closed; nothing of it is left.'),
    });
  }
}

/** The id of the chat or message that an operation is about; null = it is about none. */
function subjectOf(first: unknown): string | null {
  if (typeof first === 'string') return first;
  if (Array.isArray(first)) return subjectOf(first[0]);
  if (typeof first !== 'object' || first === null) return null;
  const { chatId, messageId } = first as { readonly chatId?: unknown; readonly messageId?: unknown };
  return subjectOf(chatId ?? messageId);
}
