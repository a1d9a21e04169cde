/** The packages as they are configured: what electron-builder accepts, all targets, and every file that the app opens. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { filesAmong } from '../../../main/app/open-files.js';
// @ts-expect-error -- a script that runs before anything is compiled
import { icns, ico } from '../../../scripts/lib/icons.mjs';
// @ts-expect-error -- a script that runs before anything is compiled
import { nativeTarget } from '../../../scripts/lib/native-files.mjs';

const project = join(import.meta.dirname, '../../..');
const require = createRequire(import.meta.url);

type Association = { readonly ext: string | readonly string[]; readonly name: string };
type Platform = {
  readonly target: readonly string[];
  readonly icon: string;
  readonly fileAssociations?: readonly Association[];
};
type Config = {
  readonly files: readonly string[];
  readonly publish: null;
  readonly fileAssociations: readonly Association[];
  readonly electronFuses: Record<string, boolean>;
  readonly mac: Platform & { readonly entitlements: string; readonly hardenedRuntime: boolean };
  readonly win: Platform;
  readonly linux: Platform;
};
const config = parse(readFileSync(join(project, 'electron-builder.yml'), 'utf8')) as Config;
const { linux, win, mac } = config;

test('electron-builder knows every word of it', async () => {
  const { validateConfiguration } = require(
    join(project, 'node_modules/app-builder-lib/out/util/config/config.js'),
  ) as {
    validateConfiguration(config: object, log: object): Promise<void>;
  };
  const log = { isEnabled: false, add: () => undefined };
  await validateConfiguration(config, log);
  await expect(validateConfiguration({ ...config, lamas: true }, log)).rejects.toThrow(/lamas/);
});

test('every system has its packages and its icon', () => {
  expect(linux.target).toEqual(['AppImage', 'deb', 'tar.gz']);
  expect(win.target).toEqual(['nsis', 'portable']);
  expect(mac.target).toEqual(['dmg']);
  expect([linux.icon, win.icon, mac.icon]).toEqual([
    'out/icons/linux',
    'out/icons/icon.ico',
    'out/icons/icon.icns',
  ]);
  expect(existsSync(join(project, 'resources/icons/icon.svg'))).toBe(true);
});

test('each file that a package is associated with is one that the app opens, and the other way round', () => {
  const extensions = ({ fileAssociations = [] }: Platform) =>
    [...config.fileAssociations, ...fileAssociations].flatMap(({ ext }) => ext);
  expect(extensions(linux).sort()).toEqual(['altiplano-backup', 'chat', 'gguf', 'json', 'jsonl']);
  expect(extensions(mac).sort()).toEqual(['altiplano-backup', 'chat', 'gguf', 'json', 'jsonl']);
  // There an association takes a file over.
  expect(extensions(win).sort()).toEqual(['altiplano-backup', 'chat', 'gguf']);
  for (const ext of extensions(linux)) expect(filesAmong([`/a.${ext}`], '/')).toEqual([`/a.${ext}`]);
  expect(filesAmong(['/a.exe', '/a.zip'], '/')).toEqual([]);
});

test('all fuses are set, and only Node’s mode, which the engine needs, is open', () => {
  const open = Object.entries(config.electronFuses).filter(([, on]) => on);
  expect(open.map(([name]) => name)).toEqual([
    'runAsNode',
    'enableCookieEncryption',
    'enableEmbeddedAsarIntegrityValidation',
    'onlyLoadAppFromAsar',
  ]);
  expect(Object.keys(config.electronFuses)).toHaveLength(8);
});

test('native files of other platforms stay out, CUDA, sources and maps too', () => {
  for (const left of ['better-sqlite3/{deps,src}', 'koffi/{doc,src,vendor}', 'node-llama-cpp/llama']) {
    expect(config.files).toContain(`!node_modules/${left}/**`);
  }
  expect(config.files).toContain('!**/*.map');
  // `npm run package` looks at the native files themselves, for the platform that it runs on.
  for (const kept of ['(${platform}-${arch}).node', '(${platform}_${arch})/**', '(${os}-${arch}|']) {
    expect(config.files.filter((each) => each.startsWith('!') && each.includes(`!${kept}`))).toHaveLength(1);
  }
  // With files of its own a platform would take the whole project along.
  for (const platform of [linux, win, mac]) expect(platform).not.toHaveProperty('files');
});

test('nobody is asked for updates, and what macOS wants of a signed app is there', () => {
  expect(config.publish).toBeNull();
  expect(mac.hardenedRuntime).toBe(true);
  const entitlements = readFileSync(join(project, mac.entitlements), 'utf8');
  expect(entitlements).toContain('com.apple.security.cs.allow-jit');
  expect(entitlements).not.toContain('get-task-allow');
});

test('a native file tells its platform by its first bytes', () => {
  const elf = Buffer.alloc(64);
  elf.writeUInt32BE(0x7f454c46);
  elf.writeUInt16LE(183, 18);
  expect(nativeTarget(elf)).toBe('linux-arm64');
  const pe = Buffer.alloc(256);
  pe.write('MZ');
  pe.writeUInt32LE(128, 60);
  pe.write('PE\0\0', 128, 'latin1');
  pe.writeUInt16LE(0x8664, 132);
  expect(nativeTarget(pe)).toBe('win32-x64');
  const mach = Buffer.alloc(64);
  mach.writeUInt32LE(0xfeedfacf);
  mach.writeUInt32LE(0x0100000c, 4);
  expect(nativeTarget(mach)).toBe('darwin-arm64');
  expect(nativeTarget(readFileSync(process.execPath).subarray(0, 1024))).toBe(
    `${process.platform}-${process.arch}`,
  );
  expect(
    nativeTarget(Buffer.from('MZ is how this text begins, which is no program at all. It goes on.')),
  ).toBeNull();
});

test('icons hold the pictures that they were made of', () => {
  const png = (byte: number) => Buffer.alloc(10 + byte, byte);
  const windows = ico([
    { size: 16, png: png(1) },
    { size: 256, png: png(2) },
  ]);
  expect([...windows.subarray(0, 6)]).toEqual([0, 0, 1, 0, 2, 0]);
  expect([windows[6], windows[22]]).toEqual([16, 0]);
  const offset = windows.readUInt32LE(22 + 12);
  expect(windows.subarray(offset, offset + windows.readUInt32LE(22 + 8))).toEqual(png(2));
  const apple = icns([{ type: 'ic07', png: png(3) }]);
  expect(apple.toString('latin1', 0, 4)).toBe('icns');
  expect(apple.readUInt32BE(4)).toBe(apple.length);
  expect(apple.toString('latin1', 8, 12)).toBe('ic07');
  expect(apple.subarray(16)).toEqual(png(3));
});
