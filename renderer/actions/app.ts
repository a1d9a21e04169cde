/** Owns the actions on the window itself: where to go, and how it looks. */
import { t } from '../../preload/contract/language.js';
import type { Action } from '../lib/actions.js';
import { network } from '../stores/network.svelte.js';
import { appView, tabLabels, type Tab } from '../stores/app-view.svelte.js';
import { backupFile } from '../stores/backup-file.svelte.js';
import { settings } from '../stores/settings.svelte.js';
import { undo } from '../stores/undo.svelte.js';

const tab = <const Id extends string>(id: Id, shows: Tab, ...keys: string[]) =>
  ({ id, label: tabLabels[shows], group: 'Go', keys, run: () => appView.show(shows) }) as const;

/** To the other of what is seen now: a theme that follows the system becomes a choice. */
function switchTheme() {
  const { theme } = settings.value;
  const isDark = theme === 'system' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark';
  settings.set({ theme: isDark ? 'light' : 'dark' });
}

export const appActions = [
  tab('go-chat', 'Chat', 'Ctrl+1'),
  tab('go-notebook', 'Notebook', 'Ctrl+2'),
  tab('go-parameters', 'Parameters', 'Ctrl+3'),
  tab('go-models', 'Models', 'Ctrl+4'),
  tab('go-compare', 'Compare', 'Ctrl+5'),
  tab('go-settings', 'Settings', 'Ctrl+6', 'Ctrl+,'),
  tab('go-characters', 'Characters', 'Ctrl+7'),
  {
    id: 'palette',
    label: t('Find a command'),
    does: t('Actions, chats, models and settings by their names.'),
    group: 'App',
    keys: ['Ctrl+K', 'Ctrl+Shift+P'],
    opensSheet: true,
    run: () => appView.toggleSheet('palette'),
  },
  {
    id: 'sidebar',
    label: t('Show or hide the chats'),
    group: 'App',
    keys: ['Ctrl+B'],
    run: () => appView.toggleSidebar(),
  },
  {
    id: 'undo',
    label: t('Undo'),
    group: 'App',
    does: t('In a text field it undoes the typing.'),
    keys: ['Ctrl+Z'],
    repeats: true,
    isEnabled: () => undo.state.undo !== null,
    run: () => undo.do('undo'),
  },
  {
    id: 'redo',
    label: t('Redo'),
    group: 'App',
    keys: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    repeats: true,
    isEnabled: () => undo.state.redo !== null,
    run: () => undo.do('redo'),
  },
  {
    id: 'trash',
    label: t('Trash: bring back what was deleted'),
    group: 'App',
    opensSheet: true,
    run: () => appView.toggleSheet('trash'),
  },
  {
    id: 'save-backup-file',
    label: t('Backup: save everything as one file'),
    group: 'App',
    isEnabled: () => !backupFile.isBusy,
    run: () => {
      appView.reveal('Settings', 'backups');
      void backupFile.save();
    },
  },
  {
    id: 'open-backup-file',
    label: t('Backup: restore from a file'),
    group: 'App',
    isEnabled: () => !backupFile.isBusy,
    run: () => backupFile.choose(),
  },
  {
    id: 'theme',
    label: t('Switch between light and dark'),
    group: 'App',
    run: switchTheme,
  },
  {
    id: 'offline',
    label: t('Go offline or online'),
    group: 'App',
    does: t('Offline nothing leaves Altiplano: no search of models, no download.'),
    run: () => network.setOffline(!settings.value.offline),
  },
  {
    id: 'change-keys',
    label: t('Change the keys of actions'),
    group: 'App',
    run: () => appView.reveal('Settings', 'keyboard'),
  },
  {
    id: 'close-overlay',
    label: t('Close what lies on top'),
    group: 'App',
    keys: ['Escape'],
    isEnabled: () => appView.hasOverlay,
    run: () => appView.closeOverlay(),
  },
  {
    id: 'guide',
    label: t('Guide'),
    does: t('What Altiplano can do, and what to do when something goes wrong.'),
    group: 'App',
    keys: ['Shift+F1'],
    opensSheet: true,
    run: () => appView.toggleSheet('guide'),
  },
  {
    id: 'welcome',
    label: t('Welcome: the first steps again'),
    group: 'App',
    opensSheet: true,
    run: () => appView.toggleSheet('welcome'),
  },
  {
    id: 'larger-text',
    label: t('Larger text'),
    group: 'App',
    repeats: true,
    isEnabled: () => settings.value.textSize < 160,
    run: () => settings.set({ textSize: Math.min(160, settings.value.textSize + 10) }),
  },
  {
    id: 'smaller-text',
    label: t('Smaller text'),
    group: 'App',
    repeats: true,
    isEnabled: () => settings.value.textSize > 80,
    run: () => settings.set({ textSize: Math.max(80, settings.value.textSize - 10) }),
  },
  {
    id: 'help',
    label: t('Keyboard help'),
    group: 'App',
    keys: ['F1', '?'],
    opensSheet: true,
    run: () => appView.toggleSheet('help'),
  },
] as const satisfies readonly Action[];
