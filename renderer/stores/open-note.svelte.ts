/** Owns one note that was opened: its text, what the model adds to it, and the ways back and forth between texts; never saves it. */
import type { ErrorData } from '../../preload/contract/errors.js';
import type { LiveRun } from './runs.svelte.js';

export class OpenNote {
  readonly id: string;
  /** Without what is being added to it. */
  text = $state('');
  /** While the model goes on with it. */
  run = $state.raw<LiveRun | null>(null);
  error = $state.raw<ErrorData | null>(null);
  /** Where the text that was generated last begins; null = nothing was. */
  #generatedFrom = $state<number | null>(null);
  /** Texts before each step and after those that were taken back, the nearest at the end. */
  #past = $state.raw<readonly string[]>([]);
  #future = $state.raw<readonly string[]>([]);
  /** What the last step left; typing moves on from it. */
  #stepped = $state.raw<string | null>(null);

  constructor(id: string, text: string) {
    this.id = id;
    this.text = text;
  }

  get shown(): string {
    return this.run?.text ?? this.text;
  }

  get canUndo(): boolean {
    return this.run === null && this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.run === null && this.#future.length > 0;
  }

  /** Whether nothing was typed since the last step: undoing takes that step back then, not letters. */
  get isAsStepped(): boolean {
    return this.text === this.#stepped;
  }

  /** The text before what was generated last, where it still stands there; null = nothing to generate again. */
  get regenerationText(): string | null {
    const from = this.#generatedFrom;
    return this.run !== null || from === null || from >= this.text.length ? null : this.text.slice(0, from);
  }

  /** Typing. */
  write(text: string): void {
    // What stood before the generated text has changed: that text is the user's now.
    const from = this.#generatedFrom;
    if (from !== null && text.slice(0, from) !== this.text.slice(0, from)) this.#generatedFrom = null;
    this.text = text;
  }

  /** Another text in one step that can be taken back. */
  step(text: string): void {
    this.#past = [...this.#past, this.text];
    this.#future = [];
    this.text = text;
    this.#stepped = text;
  }

  begin(run: LiveRun): void {
    this.error = null;
    this.run = run;
  }

  /** @param added what the model wrote */
  end(added: string, error: ErrorData | null): void {
    if (this.run === null) return;
    const before = this.run.text.slice(0, this.run.baseLength);
    this.run = null;
    this.error = error;
    if (added === '') return;
    this.step(before + added);
    this.#generatedFrom = before.length;
  }

  undo(): void {
    this.#move(this.#past, (past, text) => [past, [...this.#future, text]]);
  }

  redo(): void {
    this.#move(this.#future, (future, text) => [[...this.#past, text], future]);
  }

  #move(
    from: readonly string[],
    stacks: (left: readonly string[], text: string) => [past: readonly string[], future: readonly string[]],
  ): void {
    const text = from.at(-1);
    if (text === undefined || this.run !== null) return;
    [this.#past, this.#future] = stacks(from.slice(0, -1), this.text);
    this.text = text;
    this.#stepped = text;
    this.#generatedFrom = null;
  }
}
