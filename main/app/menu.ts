/** Owns the menu bar and the context menu of text: what the system's roles do, and undo. */
import { msg, t } from '../../preload/contract/language.js';
import { Menu, type BrowserWindow, type MenuItemConstructorOptions } from 'electron';

/** Before app `ready`: keeps Electron from building a menu of its own first, which costs a start some 30 ms. */
export function withoutDefaultMenu(): void {
  Menu.setApplicationMenu(null);
}

/**
 * The menu bar; hidden until Alt on Linux and Windows, needed by macOS for its editing keys.
 * @param onUndo the page knows what is to be undone: what is being typed, or the latest step
 * @param onImport shows where chats are imported
 * @param onExport shows what can be exported
 */
export function setApplicationMenu(
  onUndo: (which: 'undo' | 'redo') => void,
  onImport: () => void,
  onExport: () => void,
): void {
  const isMac = process.platform === 'darwin';
  const mac: MenuItemConstructorOptions[] = isMac ? [{ role: 'appMenu' }] : [];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...mac,
      {
        role: 'fileMenu',
        label: t('File'),
        submenu: [
          { label: t('Import Chats…'), click: onImport },
          { label: t('Export Chats…'), click: onExport },
          { type: 'separator' },
          isMac ? { role: 'close', label: t('Close Window') } : { role: 'quit', label: t('Quit') },
        ],
      },
      {
        role: 'editMenu',
        label: t('Edit'),
        submenu: [
          undoItem(t('Undo'), 'CmdOrCtrl+Z', () => onUndo('undo')),
          undoItem(t('Redo'), 'Shift+CmdOrCtrl+Z', () => onUndo('redo')),
          { type: 'separator' },
          ...(['cut', 'copy', 'paste', 'selectAll'] as const).map((role) => editingItem(role)),
        ],
      },
      {
        label: t('View'),
        submenu: [
          { role: 'resetZoom', label: t('Actual Size') },
          { role: 'zoomIn', label: t('Zoom In') },
          { role: 'zoomOut', label: t('Zoom Out') },
          { type: 'separator' },
          { role: 'togglefullscreen', label: t('Toggle Full Screen') },
          { role: 'toggleDevTools', label: t('Toggle Developer Tools') },
        ],
      },
      { role: 'windowMenu', label: t('Window') },
    ]),
  );
}

/** Its keys go to the page first; macOS gives them to the menu when the page has no use for them. */
const undoItem = (label: string, accelerator: string, click: () => void): MenuItemConstructorOptions => ({
  label,
  accelerator,
  registerAccelerator: false,
  click,
});

const editingLabels = {
  cut: msg('Cut'),
  copy: msg('Copy'),
  paste: msg('Paste'),
  selectAll: msg('Select All'),
} as const;

/** What the system does to text; it says so in English unless it is told the words. */
const editingItem = (role: keyof typeof editingLabels, enabled = true): MenuItemConstructorOptions => ({
  role,
  label: t(editingLabels[role]),
  enabled,
});

/** Cut, copy, paste and spelling suggestions on right click. */
export function addContextMenu(window: BrowserWindow): void {
  window.webContents.on(
    'context-menu',
    (_event, { isEditable, selectionText, editFlags, dictionarySuggestions }) => {
      const suggestions = dictionarySuggestions.map((word) => ({
        label: word,
        click: () => window.webContents.replaceMisspelling(word),
      }));
      const template: MenuItemConstructorOptions[] = isEditable
        ? [
            ...suggestions,
            ...(suggestions.length > 0 ? [{ type: 'separator' as const }] : []),
            editingItem('cut', editFlags.canCut),
            editingItem('copy', editFlags.canCopy),
            editingItem('paste', editFlags.canPaste),
            editingItem('selectAll'),
          ]
        : selectionText.length > 0
          ? [editingItem('copy')]
          : [];
      if (template.length > 0) Menu.buildFromTemplate(template).popup({ window });
    },
  );
}
