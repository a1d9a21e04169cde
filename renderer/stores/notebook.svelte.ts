/** Owns the notes: which there are, which is open, and asking main to keep them and to go on with them. */
import { t } from '../../preload/contract/language.js';
import { SvelteMap } from 'svelte/reactivity';
import type { EventData } from '../../preload/contract/index.js';
import type { Note, NoteRun } from '../../preload/contract/notes.js';
import type { Sampling } from '../../preload/contract/parameters.js';
import { request, toErrorData } from '../services/api.js';
import { notices } from './notices.svelte.js';
import { OpenNote } from './open-note.svelte.js';
import { LiveRun, runs } from './runs.svelte.js';
import { undo } from './undo.svelte.js';

type Ended = EventData<'runs.ended'>;

/** From a first letter until it is saved, however long the writing goes on. */
const saveDelayMs = 500;

class Notebook {
  /** The latest first. */
  list = $state.raw<readonly Note[]>([]);
  openId = $state<string | null>(null);
  /** What the list is searched for. */
  query = $state('');
  /** Ids of the notes that match; null = no search. */
  #found = $state.raw<ReadonlySet<string> | null>(null);
  /** The note whose name is being written. */
  renaming = $state<string | null>(null);
  /** Notes that were opened, with their ways back. */
  readonly #opened = new SvelteMap<string, OpenNote>();
  /** Ids of what main does not have yet. */
  readonly #waiting = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #starting: Promise<void> | null = null;
  /** Runs that were asked for, and the ends that came before the answers. */
  #beginning = 0;
  readonly #endedEarly = new Map<string, Ended>();

  /** The open note; undefined until its text is there. */
  get open(): OpenNote | undefined {
    return this.openId === null ? undefined : this.#opened.get(this.openId);
  }

  get openRecord(): Note | undefined {
    return this.list.find(({ id }) => id === this.openId);
  }

  readonly found: readonly Note[] = $derived(
    this.#found === null ? this.list : this.list.filter(({ id }) => this.#found?.has(id)),
  );

  isWriting(noteId: string): boolean {
    return (this.#opened.get(noteId)?.run ?? null) !== null;
  }

  /** Reads what there is; the first time only. */
  start(): Promise<void> {
    this.#starting ??= this.#start().catch((thrown: unknown) => {
      this.#starting = null;
      notices.fail(toErrorData(thrown));
    });
    return this.#starting;
  }

  async #start(): Promise<void> {
    undo.onUndone(() => void this.#reload());
    runs.onEnd((ended) => this.#ended(ended));
    for (const run of await request('notes.running')) await this.#attach(run);
    await this.#reload();
  }

  async #reload(): Promise<void> {
    const list = await notices.guard(request('notes.list', { matching: '' }));
    if (list === undefined) return;
    this.list = list.length > 0 ? list : [await request('notes.create')];
    if (this.openRecord === undefined) await this.select(this.list[0]!.id);
    await this.search(this.query);
  }

  async select(noteId: string): Promise<void> {
    this.openId = noteId;
    if (this.#opened.has(noteId)) return;
    const text = await notices.guard(request('notes.text', { noteId }));
    // A run may have brought it meanwhile.
    if (text !== undefined && !this.#opened.has(noteId)) this.#opened.set(noteId, new OpenNote(noteId, text));
  }

  async create(): Promise<void> {
    await this.save();
    const made = await notices.guard(request('notes.create'));
    if (made !== undefined) await this.#show(made.id);
  }

  /** The prompt of a chat becomes a note, which is shown. @returns whether it did */
  async takeChat(chatId: string): Promise<boolean> {
    await this.start();
    const made = await notices.guard(request('notes.fromChat', { chatId }));
    if (made !== undefined) await this.#show(made.id);
    return made !== undefined;
  }

  async #show(noteId: string): Promise<void> {
    this.query = '';
    await this.select(noteId);
    await this.#reload();
  }

  async search(query: string): Promise<void> {
    this.query = query;
    if (query.trim() === '') {
      this.#found = null;
      return;
    }
    const matching = await notices.guard(request('notes.list', { matching: query.trim() }));
    if (matching !== undefined && this.query === query) this.#found = new Set(matching.map(({ id }) => id));
  }

  async rename(noteId: string, name: string): Promise<void> {
    const latest = undo.state.undo;
    if ((await notices.guard(request('notes.rename', { noteId, name }))) === undefined) return;
    undo.done(t('Note renamed'), latest);
    await this.#reload();
  }

  async delete(noteId: string): Promise<void> {
    await this.save();
    const latest = undo.state.undo;
    const done = await notices.guard(request('notes.delete', { noteId }).then(() => true));
    if (done !== true) return;
    undo.done(t('Note deleted'), latest);
    await this.#reload();
  }

  async setMarks(noteId: string, marks: boolean): Promise<void> {
    await notices.guard(request('notes.setMarks', { noteId, marks }));
    await this.#reload();
  }

  /** Typing in the open note. */
  write(text: string): void {
    const note = this.open;
    if (note === undefined) return;
    note.write(text);
    this.#saveSoon(note);
  }

  /** Adds text at the end of the open note, in a step that can be taken back. */
  add(text: string): void {
    const note = this.open;
    if (note === undefined || note.run !== null) return;
    note.step(note.text + text);
    this.#saveSoon(note);
  }

  undo(which: 'undo' | 'redo'): void {
    const note = this.open;
    if (note === undefined) return;
    note[which]();
    this.#saveSoon(note);
  }

  /** The model goes on with the open note; what it writes is kept by main as it comes. */
  async generate(sampling: Sampling): Promise<void> {
    const note = this.open;
    if (note === undefined || note.run !== null || note.text === '') return;
    await this.#generate(note, note.text, sampling);
  }

  /** Other words in the place of those that were generated last. */
  async regenerate(sampling: Sampling): Promise<void> {
    const note = this.open;
    const text = note?.regenerationText ?? null;
    if (note !== undefined && text !== null && text !== '') await this.#generate(note, text, sampling);
  }

  stop(): void {
    const run = this.open?.run;
    if (run != null) runs.stop(run);
  }

  async #generate(note: OpenNote, text: string, sampling: Sampling): Promise<void> {
    // Main saves this text; an older one must not come after it.
    this.#waiting.delete(note.id);
    this.#beginning++;
    try {
      const run = await request('notes.generate', {
        ...{ noteId: note.id, text },
        // Lists in it may be proxies of the page's state, which can't leave the page.
        sampling: $state.snapshot(sampling),
      });
      note.begin(live(run));
      const ended = this.#endedEarly.get(run.runId);
      if (ended !== undefined) this.#ended(ended);
    } catch (thrown) {
      note.error = toErrorData(thrown);
      this.#saveSoon(note);
    } finally {
      if (--this.#beginning === 0) this.#endedEarly.clear();
    }
  }

  /** A run that goes on since before the page was loaded. */
  async #attach(run: NoteRun): Promise<void> {
    const note = new OpenNote(run.noteId, run.text.slice(0, run.baseLength));
    this.#opened.set(run.noteId, note);
    note.begin(live(run));
  }

  #ended(ended: Ended): void {
    const note = [...this.#opened.values()].find(({ run }) => run?.runId === ended.runId);
    if (note === undefined) {
      if (this.#beginning > 0) this.#endedEarly.set(ended.runId, ended);
      return;
    }
    runs.live.delete(ended.runId);
    note.end(ended.text, ended.error);
    // Main has the text that was gone on with, which is another one where nothing came in its place.
    if (ended.text === '') this.#saveSoon(note);
    void this.#reload();
  }

  #saveSoon({ id }: OpenNote): void {
    this.#waiting.add(id);
    this.#timer ??= setTimeout(() => void this.save(), saveDelayMs);
  }

  /** Saves what waits now. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const notes = [...this.#waiting].flatMap((id) => this.#opened.get(id) ?? []);
    this.#waiting.clear();
    if (notes.length === 0) return;
    const saving = notes.map(({ id, text }) => request('notes.save', { noteId: id, text }));
    await notices.guard(Promise.all(saving));
    await this.#reload();
  }
}

const live = ({ runId, baseLength, text }: NoteRun) =>
  runs.add(new LiveRun({ runId, chatId: null, messageId: null, baseLength, text }));

export const notebook = new Notebook();
