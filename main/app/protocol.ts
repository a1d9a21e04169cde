/**
 * Owns the app:// scheme: serves the built page and nothing outside its folder, with the content security policy, and the
 * pictures of characters.
 */
import { readFile } from 'node:fs/promises';
import { extname, isAbsolute, join, relative } from 'node:path';
import { protocol } from 'electron';
import { picturePath } from '../../preload/contract/character-limits.js';
import type { Language } from '../../preload/contract/language.js';

const pageHost = 'bundle';
export const pageOrigin = `app://${pageHost}`;

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html dompurify',
].join('; ');

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Before app `ready`: makes app:// a standard, secure scheme whose scripts may be cached as compiled code. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** The file that a page URL stands for, or null when it points outside the folder or at another host. */
export function resolvePageFile(folder: string, url: string): string | null {
  const { host, pathname } = new URL(url);
  if (host !== pageHost) return null;
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (path.includes('\0')) return null;
  const file = join(folder, path === '/' ? 'index.html' : path);
  const inside = relative(folder, file);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? null : file;
}

/** A picture that was checked when it was taken. */
type PictureOf = (hash: string) => Promise<{ readonly type: string; readonly bytes: Uint8Array } | null>;

/** After app `ready`: serves the page's files from `folder`, and pictures by their hash. @param language spoken now */
export function servePage(folder: string, pictureOf: PictureOf, language: () => Language): void {
  protocol.handle('app', async (request) => {
    const hash = pictureHash(request.url);
    if (hash !== null) return servePicture(await pictureOf(hash).catch(() => null));
    const file = resolvePageFile(folder, request.url);
    const type = file === null ? undefined : types[extname(file)];
    if (file === null || type === undefined) return new Response(null, { status: 404 });
    try {
      const bytes = await readFile(file);
      return new Response(type === types['.html'] ? inLanguage(bytes.toString(), language()) : bytes, {
        headers: {
          'content-type': type,
          'content-security-policy': policy,
          'x-content-type-options': 'nosniff',
        },
      });
    } catch {
      return new Response(null, { status: 404 });
    }
  });
}

/** The page's entry, told by its root what to speak. */
const inLanguage = (html: string, language: Language): string =>
  html.replace('<html lang="en">', `<html lang="${language}">`);

/** The hash in the URL of a picture; null for every other URL. */
export function pictureHash(url: string): string | null {
  const { host, pathname } = new URL(url);
  if (host !== pageHost || !pathname.startsWith(picturePath)) return null;
  return /^[0-9a-f]{64}$/.exec(pathname.slice(picturePath.length))?.[0] ?? null;
}

function servePicture(picture: Awaited<ReturnType<PictureOf>>): Response {
  if (picture === null) return new Response(null, { status: 404 });
  return new Response(Buffer.from(picture.bytes), {
    headers: {
      'content-type': picture.type,
      'content-security-policy': "default-src 'none'",
      'x-content-type-options': 'nosniff',
      // It is named by what is in it.
      'cache-control': 'private, max-age=31536000, immutable',
    },
  });
}
