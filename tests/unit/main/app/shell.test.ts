/** The pure parts of the shell around Electron: files of the page, links, places of windows, settings. */
import { expect, test, vi } from 'vitest';

vi.mock('electron', () => ({
  app: { getPath: () => '/data' },
  protocol: {},
  shell: {},
  dialog: {},
  session: {},
}));
const { pictureHash, resolvePageFile } = await import('../../../../main/app/protocol.js');
const { parseLink } = await import('../../../../main/app/security.js');
const { visibleBounds } = await import('../../../../main/app/window.js');

test('the page is served from its folder and nothing beside it', () => {
  expect(resolvePageFile('/page', 'app://bundle/')).toBe('/page/index.html');
  expect(resolvePageFile('/page', 'app://bundle/assets/a.js')).toBe('/page/assets/a.js');
  for (const url of [
    'app://bundle/..%2f..%2fetc/passwd',
    'app://other/index.html',
    'app://bundle/%00',
    'app://bundle/%',
  ]) {
    expect(resolvePageFile('/page', url)).toBeNull();
  }
});

test('pictures are asked for by their hash and by nothing else', () => {
  const hash = 'a'.repeat(64);
  expect(pictureHash(`app://bundle/pictures/${hash}`)).toBe(hash);
  for (const path of [`pictures/../${hash}`, 'pictures/', `pictures/${hash}0`, `other/${hash}`])
    expect(pictureHash(`app://bundle/${path}`)).toBeNull();
  expect(pictureHash(`app://other/pictures/${hash}`)).toBeNull();
});

test('only web and mail links may leave', () => {
  expect(parseLink('https://example.org/a?b').host).toBe('example.org');
  expect(parseLink('mailto:a@example.org').protocol).toBe('mailto:');
  for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'smb://x', 'nonsense']) {
    expect(() => parseLink(url)).toThrow('This link was not opened');
  }
});

test('a window comes back where it was, if a screen still shows it', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  const saved = { x: 100, y: 50, width: 900, height: 700 };
  expect(visibleBounds(saved, [screen])).toEqual(saved);
  expect(visibleBounds({ ...saved, x: 4000 }, [screen])).not.toHaveProperty('x');
  expect(visibleBounds(null, [screen])).toMatchObject({ width: 1180 });
});
