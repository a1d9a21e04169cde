/** Ways out of a folder by names: of the page, of downloads, of the parts of a zip. */
import { isAbsolute, join, relative } from 'node:path';
import { expect, test, vi } from 'vitest';
import { fileNameOf } from '../../../../main/exchange/export/file-names.js';
import { safeFileName } from '../../../../main/models/download/safe-name.js';

vi.mock('electron', () => ({ protocol: {} }));
const { pictureHash, resolvePageFile } = await import('../../../../main/app/protocol.js');

const climbs = ['..', '%2e%2e', '.%2e', '%2E.', '%252e%252e', '..;', '%c0%ae%c0%ae', '．．', '..%00', '....'];
const steps = ['/', '%2f', '%5c', '\\', '//', '/./', '%252f', '%2f%2f'];
const ends = ['etc/passwd', 'package.json', 'index.html', '%00', 'C:%5cWindows', '~/.ssh/id_rsa', ''];

test('no spelling of a way out of the page’s folder leads anywhere but into it', () => {
  const folder = '/app/out/renderer';
  let tried = 0;
  for (const climb of climbs)
    for (const step of steps)
      for (const end of ends)
        for (const start of ['', 'assets/', '/', '%2f', 'C:', 'file:///', '\\\\server\\share\\'])
          for (const url of [
            `app://bundle/${start}${`${climb}${step}`.repeat(5)}${end}`,
            `app://bundle/${start}${climb}${step}${end}?x=../..#../..`,
            `app://bundle:80/${climb}${step}${end}`,
          ]) {
            tried++;
            if (!URL.canParse(url)) continue;
            const file = resolvePageFile(folder, url);
            if (file === null) continue;
            const inside = relative(folder, file);
            expect(inside.startsWith('..') || isAbsolute(inside) || file.includes('\0'), url).toBe(false);
          }
  expect(tried).toBeGreaterThan(5000);
  for (const host of ['bundle.evil', 'bundle@evil', 'evil', '..', 'bundle%2f..'])
    for (const url of [`app://${host}/index.html`, `app://user:pass@${host}/`])
      if (URL.canParse(url) && new URL(url).host !== 'bundle')
        expect(resolvePageFile(folder, url), url).toBeNull();
  expect(pictureHash(`app://bundle/pictures/..%2f${'a'.repeat(64)}`)).toBeNull();
});

test('no name from the web, and none of an export, is more than a name', () => {
  const home = '/models';
  const names = climbs.flatMap((climb) =>
    steps.flatMap((step) => ends.map((end) => decode(`${climb}${step}${climb}${step}${end}`))),
  );
  for (const name of names) {
    for (const safe of [safeFileName(name), fileNameOf(name, 'md')]) {
      expect(relative(home, join(home, safe)), name).toBe(safe);
      // eslint-disable-next-line no-control-regex -- it is what must not be in it
      expect(/[\\/:\u0000]/.test(safe) || safe.startsWith('.'), name).toBe(false);
    }
  }
});

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
