/** Owns what the page may never do: navigate, open windows, embed, ask for devices, reach the network. */
import { t } from '../../preload/contract/language.js';
import { app, dialog, session, shell, type BrowserWindow, type Session } from 'electron';
import { AppError } from '../../preload/contract/errors.js';

const allowedPermissions: ReadonlySet<string> = new Set([
  // Copy buttons.
  'clipboard-sanitized-write',
  'fullscreen',
]);

/** What is on this machine. All else goes through the gate in main/net, which no page can ask. */
const ownAddress = /^(app|file|data|blob|devtools):/;

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
  confine(session.defaultSession);
  app.on('session-created', confine);
  app.on('web-contents-created', (_event, contents) => {
    // Not even by the way of calls.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-frame-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

function confine(confined: Session): void {
  confined.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !ownAddress.test(url) }));
  // Else Chromium fetches dictionaries by itself, also for windows without a spell checker; macOS has one of its own.
  if (process.platform !== 'darwin') confined.setSpellCheckerLanguages([]);
}

/** The address of a link that may leave the app. @throws AppError `bad-input` for anything but web and mail links. */
export function parseLink(url: string): URL {
  const link = URL.canParse(url) ? new URL(url) : null;
  if (link === null || !linkProtocols.has(link.protocol)) {
    throw new AppError({
      code: 'bad-input',
      message: t('This link was not opened: it is not a web or mail address.'),
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
    message:
      link.protocol === 'mailto:'
        ? t('Write a mail?')
        : t('Open {host} in the browser?', { host: link.host }),
    detail: link.href,
    buttons: [t('Open'), t('Cancel')],
    defaultId: 1,
    cancelId: 1,
  });
  if (response === 0) await shell.openExternal(link.href);
}
