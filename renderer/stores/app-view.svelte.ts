/** Owns what of the window is shown: the view, the sidebar and the sheets over them; never what is in them. */
import { t } from '../../preload/contract/language.js';
import { MediaQuery } from 'svelte/reactivity';
import { doctor } from './doctor.svelte.js';
import { settings } from './settings.svelte.js';

export const tabs = [
  'Chat',
  'Notebook',
  'Parameters',
  'Characters',
  'Models',
  'Compare',
  'Settings',
] as const;
export type Tab = (typeof tabs)[number];

export const tabLabels: Readonly<Record<Tab, string>> = {
  Chat: t('Chat'),
  Notebook: t('Notebook'),
  Parameters: t('Parameters'),
  Characters: t('Characters'),
  Models: t('Models'),
  Compare: t('Compare'),
  Settings: t('Settings'),
};

export type Sheet =
  | 'help'
  | 'palette'
  | 'search'
  | 'branches'
  | 'comparison'
  | 'trash'
  | 'grammars'
  | 'templates'
  | 'incoming'
  | 'backup'
  | 'export'
  | 'welcome'
  | 'guide';

const focusable = 'summary, input, select, textarea, button';

class AppView {
  tab = $state<Tab>('Chat');
  /** What lies over the window and is closed before anything else is done; one at a time. */
  sheet = $state<Sheet | null>(null);
  /** The id of the element in the view that should come into sight and take the focus. */
  #anchor = $state<string | null>(null);
  /** Counts up when the list of models should open. */
  modelPickerRequests = $state(0);
  /** In a narrow window the chats lie over the rest, so they open only when asked for. */
  readonly #narrow = new MediaQuery('width < 760px');
  #overRest = $state(false);

  get sidebarOpen(): boolean {
    return this.#narrow.current ? this.#overRest : settings.value.sidebarOpen;
  }

  /** Whether the conversation is what the user sees. */
  get showsChat(): boolean {
    return this.tab === 'Chat' && !doctor.isOpen;
  }

  get showsNotebook(): boolean {
    return this.tab === 'Notebook' && !doctor.isOpen;
  }

  /** Whether something lies over the view that Escape takes away before it does anything else. */
  get hasOverlay(): boolean {
    return doctor.isOpen || (this.#narrow.current && this.#overRest);
  }

  /** Whether the open sheet shows the notices itself: what lies behind it can't be clicked. */
  get sheetTells(): boolean {
    return this.sheet === 'grammars' || this.sheet === 'templates';
  }

  show(tab: Tab): void {
    doctor.isOpen = false;
    this.tab = tab;
  }

  /** Goes to a place in a view. @param anchor id of its element */
  reveal(tab: Tab, anchor: string): void {
    this.show(tab);
    this.#anchor = anchor;
  }

  /** For the element that holds the view: brings the place that was asked for into sight. */
  readonly revealIn = (view: HTMLElement): void => {
    if (this.#anchor === null) return;
    const place = view.querySelector(`#${CSS.escape(this.#anchor)}`);
    if (place === null) return;
    this.#anchor = null;
    const folded = place.closest('details');
    if (folded !== null) folded.open = true;
    const control = place.matches('input, select, textarea') ? place : place.querySelector(focusable);
    place.scrollIntoView({ block: control === place ? 'center' : 'start' });
    if (control instanceof HTMLElement) control.focus({ preventScroll: true });
  };

  showChat(): void {
    this.show('Chat');
    this.#overRest = false;
  }

  toggleSheet(sheet: Sheet): void {
    this.sheet = this.sheet === sheet ? null : sheet;
  }

  /** Closes this one; another one that has taken its place stays. */
  closeSheet(sheet: Sheet): void {
    if (this.sheet === sheet) this.sheet = null;
  }

  toggleSidebar(): void {
    if (this.#narrow.current) this.#overRest = !this.#overRest;
    else settings.set({ sidebarOpen: !settings.value.sidebarOpen });
  }

  /** Takes away the topmost of what lies over the view. */
  closeOverlay(): void {
    if (this.#narrow.current && this.#overRest) this.#overRest = false;
    else doctor.isOpen = false;
  }
}

export const appView = new AppView();
