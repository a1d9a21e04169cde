/** Owns whether the welcome is shown: once, to someone who has no chats yet; later by its action alone. */
import { appView } from './app-view.svelte.js';
import { chats } from './chats.svelte.js';
import { settings } from './settings.svelte.js';

class Welcome {
  /** At the start of the app. */
  greet(): void {
    if (settings.value.welcomed || chats.failure !== null || appView.sheet !== null) return;
    if (chats.list.length === 0) appView.sheet = 'welcome';
    // Someone who has chats knows their way.
    else this.wasShown();
  }

  wasShown(): void {
    if (!settings.value.welcomed) settings.set({ welcomed: true });
  }
}

export const welcome = new Welcome();
