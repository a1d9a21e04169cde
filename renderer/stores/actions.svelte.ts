/**
 * Owns the one list of actions, the keys they have now, and what a key press runs. Shortcuts, palette, help sheet and
 * titles of buttons read it. A part keeps its actions in a file of its own under renderer/actions/ and joins them here.
 */
import { appActions } from '../actions/app.js';
import { arenaActions } from '../actions/arena.js';
import { batchActions } from '../actions/batches.js';
import { branchActions } from '../actions/branches.js';
import { characterActions } from '../actions/characters.js';
import { chatActions } from '../actions/chats.js';
import { conversationActions } from '../actions/conversation.js';
import { findActions } from '../actions/find.js';
import { modelActions } from '../actions/models.js';
import { notebookActions } from '../actions/notebook.js';
import { parameterActions } from '../actions/parameters.js';
import { searchActions } from '../actions/search.js';
import { boundKeys, byKeys, type Action } from '../lib/actions.js';
import { editsText, isArrow, keysOf, showKeys, type Keys } from '../lib/keys.js';
import { appView } from './app-view.svelte.js';
import { settings } from './settings.svelte.js';

// Where two share their keys, the first that can be done is done: what lies on top closes before a reply stops.
const list = [
  ...appActions,
  ...chatActions,
  ...searchActions,
  ...findActions,
  ...branchActions,
  ...conversationActions,
  ...notebookActions,
  ...parameterActions,
  ...modelActions,
  ...characterActions,
  ...arenaActions,
  ...batchActions,
] as const;

type ActionId = (typeof list)[number]['id'];

export const isMac = navigator.userAgent.includes('Mac');

class Actions {
  readonly all: readonly (Action & { readonly id: ActionId })[] = list;
  readonly #byKeys = $derived(byKeys(this.all, settings.value.keys));

  keysOf(action: Action): readonly Keys[] {
    return boundKeys(action, settings.value.keys);
  }

  /** A text for a title, with the keys of the action: `New chat (Ctrl+N)`. */
  hint(id: ActionId, text: string): string {
    const [keys] = this.keysOf(this.#of(id));
    return keys === undefined ? text : `${text} (${showKeys(keys, isMac)})`;
  }

  /** Does it when it can be done. */
  run(id: ActionId): void {
    const action = this.#of(id);
    if (isEnabled(action)) action.run();
  }

  /** Runs what the keys stand for, where they are not needed for something nearer. */
  onkeydown(event: KeyboardEvent): void {
    const keys = keysOf(event, isMac);
    if (keys === null || event.defaultPrevented || belongToText(keys, event.target)) return;
    const action = this.#byKeys.get(keys)?.find((each) => isEnabled(each) && isReachable(each, keys));
    if (action === undefined || (event.repeat && action.repeats !== true)) return;
    event.preventDefault();
    action.run();
  }

  #of(id: ActionId): Action {
    return this.all.find((action) => action.id === id)!;
  }
}

const isEnabled = (action: Action): boolean => action.isEnabled?.() ?? true;

/** Whether nothing lies over the window that must be closed first. */
function isReachable({ opensSheet }: Action, keys: Keys): boolean {
  if (document.querySelector('dialog:modal') !== null) return appView.sheet !== null && opensSheet === true;
  return keys !== 'Escape' || document.querySelector(':popover-open:not([popover=manual])') === null;
}

/** Whether the keys are needed for the text that is being written. */
function belongToText(keys: Keys, target: EventTarget | null): boolean {
  const field =
    target instanceof Element ? target.closest('input, textarea, select, [contenteditable]') : null;
  // An arrow alone is a shortcut only in a message that has no text to move in.
  if (isArrow(keys)) {
    return !(field instanceof HTMLTextAreaElement && 'message' in field.dataset && field.value === '');
  }
  return field !== null && editsText(keys, isMac);
}

export const actions = new Actions();
