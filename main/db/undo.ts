/**
 * Owns undo: records, row by row, what each step of the user changed in the tables of user content, and applies it
 * backwards; never knows what a table means.
 */
import { t } from '../../preload/contract/language.js';
import Sqlite, { type Database } from 'better-sqlite3';
import { AppError } from '../../preload/contract/errors.js';
import type { Step, UndoState } from '../../preload/contract/undo.js';
import { rowLog, type Change, type TableOptions } from './row-log.js';

export type RecordedStep = Step & {
  readonly changes: readonly Change[];
  readonly chatIds: readonly string[];
};

export type UndoRequest = {
  /** Null = whichever is the latest. */
  readonly stepId: number | null;
  /** Chats in which a reply is being written: their rows change beside every step. */
  readonly busyChatIds: readonly string[];
};

const maxSteps = 200;
/** Changes of one setting that follow one another so closely are one step, as while a slider moves. */
const joiningMs = 5000;
/** Of row images, over all steps; the latest step is kept whatever its size. */
const maxCharacters = 64_000_000;

export class Steps {
  readonly #db: Database;
  readonly #onChange: (state: UndoState) => void;
  #past: RecordedStep[] = [];
  #future: RecordedStep[] = [];
  #lastId = 0;
  /** The changes of the step under way; null outside of steps. */
  #open: Change[] | null = null;

  /** @param tables those whose rows are user content */
  constructor(
    db: Database,
    tables: readonly TableOptions[],
    onChange: (state: UndoState) => void = () => undefined,
  ) {
    this.#db = db;
    this.#onChange = onChange;
    rowLog(db, tables, {
      isOn: () => this.#open !== null,
      onChange: (change) => this.#open?.push(change),
    });
  }

  get state(): UndoState {
    const step = (recorded: RecordedStep | undefined): Step | null =>
      recorded === undefined ? null : { id: recorded.id, label: recorded.label };
    return { undo: step(this.#past.at(-1)), redo: step(this.#future.at(-1)) };
  }

  /**
   * Does one thing that can be undone, in one transaction; inside another step it is part of that one.
   * @param label what was done, as a menu says it: "Rename chat"
   * @param joins whether it goes into the step before it where that did the same in the same chats just now
   */
  record<T>(label: string, work: () => T, joins = false): T {
    if (this.#open !== null) return work();
    const { value, changes } = this.#collect(work);
    if (changes.length > 0) {
      const step = this.#step(label, changes);
      const before = joins && this.#future.length === 0 ? this.#past.at(-1) : undefined;
      if (before !== undefined && isSameAgain(before, step)) {
        this.#past.splice(-1, 1, { ...step, changes: [...before.changes, ...changes] });
      } else this.#past.push(step);
      this.#future = [];
      this.#forgetOldest();
      this.#onChange(this.state);
    }
    return value;
  }

  /** @returns the step that was taken back. @throws AppError `busy`, or `cannot-undo`; nothing is changed then */
  undo(request: UndoRequest): RecordedStep {
    return this.#move(this.#past, this.#future, request, 'undo');
  }

  /** @throws AppError as `undo` */
  redo(request: UndoRequest): RecordedStep {
    return this.#move(this.#future, this.#past, request, 'redo');
  }

  #move(from: RecordedStep[], to: RecordedStep[], request: UndoRequest, verb: 'undo' | 'redo'): RecordedStep {
    const step = from.at(-1);
    if (step === undefined)
      throw cannotUndo(verb === 'undo' ? t('There is nothing to undo.') : t('There is nothing to redo.'));
    if (request.stepId !== null && request.stepId !== step.id) {
      throw cannotUndo(
        t('Something else was changed since.'),
        t('Undo that first: the next step is “{label}”.', { label: step.label }),
      );
    }
    if (request.busyChatIds.some((id) => step.chatIds.includes(id))) {
      throw new AppError({
        code: 'busy',
        message: t('“{label}” is of a chat in which a reply is being written.', { label: step.label }),
        hint: t('Stop the reply, or wait until it is done.'),
      });
    }
    // A step that fails will fail again, and would bar the way to those before it.
    from.pop();
    try {
      const { changes } = this.#collect(() => this.#applyBackwards(step));
      to.push(this.#step(step.label, changes));
    } catch (thrown) {
      // Rows that others name by now, or that name ones that are gone.
      throw isConstraint(thrown) ? outdated(step, thrown) : thrown;
    } finally {
      this.#onChange(this.state);
    }
    return step;
  }

  #applyBackwards(step: RecordedStep): void {
    // Rows that name one another come back one by one; SQLite checks at the end, and forgets this setting then.
    this.#db.pragma('defer_foreign_keys = ON');
    const nowMs = Date.now();
    for (const change of [...step.changes].reverse()) {
      if (!change.table.takeBack(change, nowMs)) throw outdated(step);
    }
  }

  #collect<T>(work: () => T): { value: T; changes: Change[] } {
    const changes: Change[] = [];
    this.#open = changes;
    try {
      return { value: this.#db.transaction(work)(), changes };
    } finally {
      this.#open = null;
    }
  }

  #step(label: string, changes: readonly Change[]): RecordedStep {
    const chatIds = new Set(changes.flatMap(({ chatId }) => (chatId === null ? [] : [chatId])));
    this.#lastId = Math.max(this.#lastId + 1, Date.now());
    return { id: this.#lastId, label, changes, chatIds: [...chatIds] };
  }

  #forgetOldest(): void {
    let characters = 0;
    let kept = 0;
    for (const { changes } of [...this.#past].reverse()) {
      characters += changes.reduce((sum, change) => sum + change.characters, 0);
      if (kept > 0 && (kept === maxSteps || characters > maxCharacters)) break;
      kept++;
    }
    this.#past.splice(0, this.#past.length - kept);
  }
}

/** Ids are times. */
const isSameAgain = (before: RecordedStep, step: RecordedStep): boolean =>
  before.label === step.label &&
  before.chatIds.join() === step.chatIds.join() &&
  step.id - before.id < joiningMs;

const isConstraint = (thrown: unknown): boolean =>
  thrown instanceof Sqlite.SqliteError && thrown.code.startsWith('SQLITE_CONSTRAINT');

function outdated(step: Step, cause?: unknown): AppError {
  const message = t('“{label}” can’t be undone any more: what it changed has changed since.', {
    label: step.label,
  });
  return new AppError({ code: 'cannot-undo', message, hint: t('Nothing was changed now.') }, { cause });
}

const cannotUndo = (message: string, hint?: string) =>
  new AppError({ code: 'cannot-undo', message, ...(hint === undefined ? {} : { hint }) });
