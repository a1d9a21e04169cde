/** Owns taking steps back and making them again, as the page asks for it; main keeps the steps. */
import { t } from '../../preload/contract/language.js';
import type { Step, Undone, UndoState } from '../../preload/contract/undo.js';
import { on, request, toErrorData } from '../services/api.js';
import { notices } from './notices.svelte.js';

type Which = 'undo' | 'redo';

class Undo {
  /** What can be taken back and made again next. */
  state = $state.raw<UndoState>({ undo: null, redo: null });
  /** What was said of the last step; the next one takes its place. */
  #notice: number | null = null;
  readonly #listeners = new Set<(undone: Undone) => void>();

  listen(): void {
    on('undo.changed', (state) => (this.state = state));
    on('undo.chosen', (which) => {
      // A text field has an undo of its own.
      if (isTextField(document.activeElement)) document.execCommand(which);
      else void this.do(which);
    });
  }

  /** Hears what every undo and redo changed. */
  onUndone(listener: (undone: Undone) => void): void {
    this.#listeners.add(listener);
  }

  /**
   * Says that something was done, with a way back from the step that did it.
   * @param before the latest step before it, where it may have changed nothing: then there is no way back
   */
  done(text: string, before: Step | null = null): void {
    const step = this.state.undo?.id === before?.id ? null : this.state.undo;
    this.#say(text, step === null ? undefined : () => void this.do('undo', step.id), t('Undo'));
  }

  /** @param stepId refused unless it is the latest; null = whichever is the latest */
  async do(which: Which, stepId: number | null = null): Promise<void> {
    // With nothing to take back, the keys do nothing.
    if (stepId === null && this.state[which] === null) return;
    try {
      const undone = await request(`undo.${which}`, { stepId });
      for (const listener of this.#listeners) listener(undone);
      if (which === 'undo')
        this.#say(t('Undone: {label}', { label: undone.label }), () => void this.do('redo'), t('Redo'));
      else this.done(t('Done again: {label}', { label: undone.label }));
    } catch (thrown) {
      notices.fail(toErrorData(thrown));
    }
  }

  #say(text: string, way: (() => void) | undefined, label: string): void {
    if (this.#notice !== null) notices.dismiss(this.#notice);
    this.#notice = notices.done(text, way, label);
  }
}

/** Whether an element takes typed text, and so undoes it by itself. */
function isTextField(element: Element | null): boolean {
  if (element instanceof HTMLInputElement)
    return !['checkbox', 'radio', 'range', 'button'].includes(element.type);
  return (
    element instanceof HTMLTextAreaElement || (element instanceof HTMLElement && element.isContentEditable)
  );
}

export const undo = new Undo();
