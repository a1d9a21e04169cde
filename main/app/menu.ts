/** Owns the menu bar and the context menu of text: what the system's roles do, and undo. */
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
  const mac: MenuItemConstructorOptions[] = process.platform === 'darwin' ? [{ role: 'appMenu' }] : [];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...mac,
      {
        role: 'fileMenu',
        submenu: [
          { label: 'Import Chats…', click: onImport },
          { label: 'Export Chats…', click: onExport },
          { type: 'separator' },
          { role: process.platform === 'darwin' ? 'close' : 'quit' },
        ],
      },
      {
        role: 'editMenu',
        submenu: [
          undoItem('Undo', 'CmdOrCtrl+Z', () => onUndo('undo')),
          undoItem('Redo', 'Shift+CmdOrCtrl+Z', () => onUndo('redo')),
          { type: 'separator' },
          { role: 'cut' },
          { role: 'copy' },
          { role: 'paste' },
          { role: 'selectAll' },
        ],
      },
      {
        label: 'View',
        submenu: [
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { type: 'separator' },
          { role: 'togglefullscreen' },
          { role: 'toggleDevTools' },
        ],
      },
      { role: 'windowMenu' },
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
            { role: 'cut', enabled: editFlags.canCut },
            { role: 'copy', enabled: editFlags.canCopy },
            { role: 'paste', enabled: editFlags.canPaste },
            { role: 'selectAll' },
          ]
        : selectionText.length > 0
          ? [{ role: 'copy' }]
          : [];
      if (template.length > 0) Menu.buildFromTemplate(template).popup({ window });
    },
  );
}
