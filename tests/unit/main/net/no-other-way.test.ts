/** Nothing in the app reaches the network but through main/net/http.ts: all sources are read for another way. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const sources = ['main', 'preload', 'renderer']
  .flatMap((room) =>
    readdirSync(`${root}/${room}`, { recursive: true }).map((path) => `${room}/${String(path)}`),
  )
  .filter((path) => /\.(ts|svelte)$/.test(path))
  .map((path) => path.replaceAll('\\', '/'));

/** Why each of these may use what no other file may. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  // The gate.
  'main/net/http.ts': ['module undici'],
  // What an address is: no connection.
  'main/server/guard.ts': ['module net'],
};

const modules =
  /(?:from|import\() ?'(?:node:)?(https?|http2|net|tls|dgram|dns|undici|child_process)(?:\/\w+)?'/g;
const typeImport = /^import type .*$/gm;
const globals =
  /(?<![.#\w])(fetch|XMLHttpRequest|WebSocket|WebTransport|EventSource|RTCPeerConnection)\b *[(<]|\b(sendBeacon)\(/g;
const viaObject =
  /\b(?:globalThis|window|self|net|session)(?:\.defaultSession)?\.(fetch|request|WebSocket)\b/g;
const ofElectron = /import \{[^}]*\b(net|autoUpdater|crashReporter)\b[^}]*\} from 'electron'/g;

function waysIn(source: string): string[] {
  const code = source.replace(typeImport, '');
  const found = (pattern: RegExp, kind: string) =>
    [...code.matchAll(pattern)].map(
      (match) => `${kind} ${match.slice(1).find((each) => each !== undefined)}`,
    );
  return [
    ...found(modules, 'module'),
    ...found(globals, 'global'),
    ...found(viaObject, 'global'),
    ...found(ofElectron, 'electron'),
  ];
}

test('a way is found where there is one', () => {
  expect(waysIn("import { request } from 'node:https';")).toEqual(['module https']);
  expect(waysIn("import dns from 'dns/promises';")).toEqual(['module dns']);
  expect(waysIn("const { request } = await import('undici');")).toEqual(['module undici']);
  expect(waysIn('await fetch(url)')).toEqual(['global fetch']);
  expect(waysIn('globalThis.fetch(url)')).toEqual(['global fetch']);
  expect(waysIn('new WebSocket(url)')).toEqual(['global WebSocket']);
  expect(waysIn('navigator.sendBeacon(url)')).toEqual(['global sendBeacon']);
  expect(waysIn("import { app, net } from 'electron';")).toEqual(['electron net']);
  expect(waysIn("import type { Dispatcher } from 'undici';\nthis.#fetch(url)")).toEqual([]);
});

test('no source has another way than the gate', () => {
  expect(sources.length).toBeGreaterThan(500);
  const found = sources.flatMap((path) => {
    const ways = [...new Set(waysIn(readFileSync(`${root}/${path}`, 'utf8')))];
    return ways.length > 0 ? [[path, ways] as const] : [];
  });
  expect(Object.fromEntries(found)).toEqual(allowed);
});

test('the engine’s library may not fetch anything', () => {
  const calls = sources
    .map((path) => readFileSync(`${root}/${path}`, 'utf8'))
    .flatMap((source) => [...source.matchAll(/getLlama\(\{[^}]*/g)].map(([call]) => call));
  expect(calls).toHaveLength(1);
  expect(calls[0]).toContain("build: 'never'");
  expect(calls[0]).toContain('skipDownload: true');
});
