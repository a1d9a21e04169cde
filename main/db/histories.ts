/** Owns what can be undone in both databases as one history, in the order in which it was done; never undoes anything. */
import type { Step, UndoState } from '../../preload/contract/undo.js';

export type Home = 'kept' | 'incognito';
type Way = keyof UndoState;

export const noSteps: UndoState = { undo: null, redo: null };

export class Histories {
  readonly #onChange: (state: UndoState) => void;
  readonly #states: Record<Home, UndoState> = { kept: noSteps, incognito: noSteps };

  /** @param onChange hears what of both comes next */
  constructor(onChange: (state: UndoState) => void) {
    this.#onChange = onChange;
  }

  /** What can be undone in one of them is another step now. */
  changed(home: Home, state: UndoState): void {
    this.#states[home] = state;
    this.#onChange({ undo: this.#next('undo').step, redo: this.#next('redo').step });
  }

  /** In which of them the next step is. */
  homeOf(way: Way): Home {
    return this.#next(way).home;
  }

  /** Ids rise with time in both. */
  #next(way: Way): { readonly home: Home; readonly step: Step | null } {
    const { kept, incognito } = this.#states;
    const isIncognito = (incognito[way]?.id ?? 0) > (kept[way]?.id ?? 0);
    return isIncognito ? { home: 'incognito', step: incognito[way] } : { home: 'kept', step: kept[way] };
  }
}
