/** Owns what in main follows the settings when they have changed. */
import { nativeTheme } from 'electron';
import type { Rooms } from './handlers.js';

export function applySettings({
  settings,
  idle,
  downloads,
  updates,
}: Pick<Rooms, 'settings' | 'idle' | 'downloads' | 'updates'>): void {
  // Menus and dialogs of the system follow the page.
  nativeTheme.themeSource = settings.get().theme;
  idle.used();
  downloads.settingsChanged();
  void updates.lookIfDue();
}
