/** Owns how the model goes on with notes: what it writes is saved while it comes; never which note is shown. */
import { t } from '../../preload/contract/language.js';
import type { ChatPrompt } from '../../preload/contract/engine.js';
import { AppError, type ErrorData } from '../../preload/contract/errors.js';
import { isIncognito } from '../../preload/contract/incognito.js';
import type { Note, NoteRun } from '../../preload/contract/notes.js';
import type { Sampling } from '../../preload/contract/parameters.js';
import { openConversation, type ConversationSource } from '../chat/conversation.js';
import type { InForceFor } from '../chat/in-force.js';
import { promptForReply, promptUpTo } from '../chat/prompt.js';
import { freeLane, type Runs } from '../chat/runs.js';
import type { Database } from '../db/client.js';
import { newId } from '../db/id.js';
import type { EngineHost } from '../engine/host.js';
import type { ModelLoader } from '../models/loader.js';

export type NotesOptions = {
  readonly db: ConversationSource & Pick<Database, 'findNote' | 'saveNote' | 'createNote' | 'removeNote'>;
  readonly runs: Pick<Runs, 'collect' | 'stop'>;
  readonly loader: Pick<ModelLoader, 'modelName' | 'ensureLoaded'>;
  readonly engine: Pick<EngineHost, 'promptText'>;
  readonly inForce: InForceFor;
  /** What could not be saved while nobody waited for it. */
  readonly onProblem: (error: ErrorData) => void;
};

type Writing = { readonly run: NoteRun; text: string; readonly ended: Promise<void> };

/** From new text until it is saved: a crash costs less than a second of it. */
const saveWithinMs = 500;

export class Notes {
  readonly #writing = new Map<string, Writing>();
  readonly #options: NotesOptions;

  constructor(options: NotesOptions) {
    this.#options = options;
  }

  running(): NoteRun[] {
    return [...this.#writing.values()].map(({ run, text }) => ({ ...run, text }));
  }

  /**
   * Saves the text, and goes on with it.
   * @throws AppError busy while it is being written, not-found, no-model
   */
  async generate(noteId: string, text: string, sampling: Sampling): Promise<NoteRun> {
    const { db, loader } = this.#options;
    await loader.modelName();
    const { marks } = await db.findNote(noteId);
    if (this.#writing.has(noteId)) {
      throw new AppError({
        code: 'busy',
        message: t('The model is writing in this note.'),
        hint: t('Stop it, or wait until it is done.'),
      });
    }
    const run: NoteRun = { runId: newId(), noteId, baseLength: text.length, text };
    let end: () => void;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const writing: Writing = { run, text, ended };
    this.#writing.set(noteId, writing);
    try {
      await db.saveNote(noteId, text);
    } catch (thrown) {
      this.#writing.delete(noteId);
      throw thrown;
    }
    void this.#write(writing, { text, marks, sampling }).finally(() => end());
    return run;
  }

  async #write(
    writing: Writing,
    { text, marks, sampling }: { text: string; marks: boolean; sampling: Sampling },
  ): Promise<void> {
    const { db, runs, onProblem } = this.#options;
    const { runId, noteId } = writing.run;
    let timer: NodeJS.Timeout | undefined;
    const save = () => db.saveNote(noteId, writing.text);
    const onText = (written: string) => {
      writing.text = text + written;
      timer ??= setTimeout(() => {
        timer = undefined;
        // The end is saved too, and tells.
        save().catch(() => undefined);
      }, saveWithinMs);
    };
    const request = { runId, prompt: { kind: 'text' as const, text, marks }, sampling };
    const report = await runs.collect(request, { lane: freeLane, priority: 'person' }, onText);
    clearTimeout(timer);
    writing.text = text + report.text;
    this.#writing.delete(noteId);
    await save().catch((thrown: unknown) => onProblem(AppError.from(thrown).toData()));
  }

  /** Stops what is written in a note, and hides it. */
  async remove(noteId: string): Promise<void> {
    const writing = this.#writing.get(noteId);
    if (writing !== undefined) {
      this.#options.runs.stop(writing.run.runId);
      await writing.ended;
    }
    await this.#options.db.removeNote(noteId);
  }

  /**
   * A note with the prompt of a chat: for the reply to its question, or to go on with its last reply.
   * @throws AppError bad-input for a chat that says nothing, or must not reach the disk; no-model
   */
  async fromChat(chatId: string): Promise<Note> {
    const { db, engine, loader, inForce } = this.#options;
    if (isIncognito(chatId)) {
      throw new AppError({
        code: 'bad-input',
        message: t('An incognito chat never touches the disk, and notes are kept there.'),
        hint: t('Copy its text into a note by hand if you want it kept.'),
      });
    }
    const conversation = await openConversation(db, chatId);
    const last = conversation.messages.at(-1);
    if (last === undefined) {
      throw new AppError({ code: 'bad-input', message: t('Nothing was said in this chat yet.') });
    }
    const { systemPrompt, sampling } = await inForce(conversation.chat);
    const prompt: ChatPrompt =
      last.role === 'user'
        ? promptForReply(conversation, last.id, null, systemPrompt)
        : promptUpTo(conversation, last.id, systemPrompt);
    await loader.ensureLoaded();
    const text = await engine.promptText(prompt, sampling.max_new_tokens);
    return db.createNote({ name: conversation.chat.title, text, marks: true });
  }
}
