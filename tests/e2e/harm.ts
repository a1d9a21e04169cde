/** Owns noticing what an attack has reached: code that ran, requests, navigation, windows, dialogs, and what stands in the page. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ElectronApplication, Page } from '@playwright/test';

/** A server on this machine that nothing may ask; the token of an image would go there. */
export type Lure = { readonly url: string; readonly asked: readonly string[]; close(): void };

export async function startLure(): Promise<Lure> {
  const asked: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(204).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, close: () => void server.close() };
}

/** Of all windows, from now on: requests to anywhere but the app itself, and attempts to go elsewhere. */
export async function watch(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ app: electron, session, webContents }) => {
    const noticed: string[] = [];
    Object.assign(globalThis, { noticed });
    // In the place of the app's own refusal: nothing may come as far as that.
    session.defaultSession.webRequest.onBeforeRequest((details, answer) => {
      if (/^(?:https?|wss?|ftp):/.test(details.url)) noticed.push(`request: ${details.url}`);
      answer({});
    });
    const follow = (contents: Electron.WebContents) => {
      contents.on('will-navigate', ({ url }) => void noticed.push(`navigation: ${url}`));
      contents.on('will-frame-navigate', ({ url }) => void noticed.push(`frame: ${url}`));
      contents.on('did-create-window', (_, { url }) => void noticed.push(`window: ${url}`));
    };
    webContents.getAllWebContents().forEach(follow);
    electron.on('web-contents-created', (_event, contents) => follow(contents));
  });
}

export const noticed = (app: ElectronApplication): Promise<string[]> =>
  app.evaluate(() => (globalThis as unknown as { noticed: string[] }).noticed);

/** Elements and attributes that could run, load or lead; a sound page of ours has none of them outside its head. */
const survey = `(() => {
  const found = [];
  const elements = 'script, iframe:not([srcdoc][sandbox=""]), object, embed, base, meta, link, style, audio, video, a[href]';
  const safe = /^(?:data:image\\/(?:png|jpeg|gif|webp);|#|app:\\/\\/bundle\\/|$)/i;
  for (const element of document.body.querySelectorAll(elements))
    if (!isOurs(element)) found.push(element.outerHTML.slice(0, 200));
  for (const element of document.body.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      const leads = ['src', 'href', 'xlink:href', 'srcset', 'action', 'formaction', 'poster', 'data', 'ping', 'background'];
      const isBad =
        name.startsWith('on') ||
        (leads.includes(name) && !safe.test(value) && !isOurs(element)) ||
        (name === 'style' && /url\\(|expression/i.test(value));
      if (isBad) found.push(element.localName + ' ' + name + '=' + value.slice(0, 100));
    }
  }
  // Links of an exported page: only where they say, and only by a click.
  function isOurs(element) {
    return element.localName === 'a' && location.protocol === 'file:' && /^(?:https?|mailto):/.test(element.getAttribute('href'));
  }
  return { found, hurt: globalThis.hurt ?? null };
})()`;

/** What an attack has left in a page and its frames; empty when nothing. */
export async function harmIn(page: Page): Promise<string[]> {
  const harm: string[] = [];
  for (const frame of page.frames()) {
    const { found, hurt } = await frame.evaluate<{ found: string[]; hurt: unknown }>(survey);
    harm.push(...found);
    if (hurt !== null) harm.push(`ran: ${String(hurt)}`);
  }
  return harm;
}
