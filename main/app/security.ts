/** Owns what the page may never do: navigate, open windows, embed, ask for devices. */
import { app, dialog, session, shell, type BrowserWindow } from 'electron';
import { AppError } from '../../preload/contract/errors.js';

const allowedPermissions: ReadonlySet<string> = new Set([
  // Copy buttons.
  'clipboard-sanitized-write',
  'fullscreen',
]);

const linkProtocols: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** Denies by default, for every web contents that this app will ever make. */
export function lockDown(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(allowedPermissions.has(permission)),
  );
  session.defaultSession.setPermissionCheckHandler((_contents, permission) =>
    allowedPermissions.has(permission),
  );
  session.defaultSession.setDevicePermissionHandler(() => false);
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

/** The address of a link that may leave the app. @throws AppError `bad-input` for anything but web and mail links. */
export function parseLink(url: string): URL {
  const link = URL.canParse(url) ? new URL(url) : null;
  if (link === null || !linkProtocols.has(link.protocol)) {
    throw new AppError({
      code: 'bad-input',
      message: 'This link was not opened: it is not a web or mail address.',
      details: url.slice(0, 200),
    });
  }
  return link;
}

/** Opens a link after the user has seen where it really goes: its text comes from a model. */
export async function openLink(window: BrowserWindow, url: string): Promise<void> {
  const link = parseLink(url);
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: link.protocol === 'mailto:' ? 'Write a mail?' : `Open ${link.host} in the browser?`,
    detail: link.href,
    buttons: ['Open', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  });
  if (response === 0) await shell.openExternal(link.href);
}
