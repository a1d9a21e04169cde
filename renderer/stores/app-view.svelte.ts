/** Owns what of the window is shown: the view, the sidebar and the sheets over them; never what is in them. */
import { MediaQuery } from 'svelte/reactivity';
import { doctor } from './doctor.svelte.js';
import { settings } from './settings.svelte.js';

export const tabs = ['Chat', 'Notebook', 'Parameters', 'Models', 'Compare', 'Settings'] as const;
export type Tab = (typeof tabs)[number];

type Sheet = 'help';

class AppView {
  tab = $state<Tab>('Chat');
  /** What lies over the window and is closed before anything else is done; one at a time. */
  sheet = $state<Sheet | null>(null);
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

  /** Whether something lies over the view that Escape takes away before it does anything else. */
  get hasOverlay(): boolean {
    return doctor.isOpen || (this.#narrow.current && this.#overRest);
  }

  show(tab: Tab): void {
    doctor.isOpen = false;
    this.tab = tab;
  }

  showChat(): void {
    this.show('Chat');
    this.#overRest = false;
  }

  toggleSheet(sheet: Sheet): void {
    this.sheet = this.sheet === sheet ? null : sheet;
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
