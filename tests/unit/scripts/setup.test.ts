/** The parts of the set-up that can be shown without a fresh machine. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
// @ts-expect-error -- a script that runs before anything is compiled
import { setFuses } from '../../../scripts/lib/fuses.mjs';
// @ts-expect-error -- a script that runs before anything is compiled
import { unzip } from '../../../scripts/lib/zip.mjs';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'setup-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('fuses are set by name, the others stay', async () => {
  const path = join(folder, 'electron');
  const wire = (fuses: string) => `code dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001\u0008${fuses} more code`;
  writeFileSync(path, wire('10110011'), 'latin1');
  await setFuses(path, { nodeCliInspect: false, loadBrowserProcessSpecificV8Snapshot: false });
  expect(readFileSync(path, 'latin1')).toBe(wire('10100001'));
  writeFileSync(path, 'no wire');
  await expect(setFuses(path, { runAsNode: false })).rejects.toThrow('no fuse wire');
});

test('an archive is unpacked where it is told to, and never outside', async () => {
  const script = `
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1], 'w')
for name in ('a/one.txt', 'a/two.txt'): z.writestr(name, name)
z.close()`;
  const archive = join(folder, 'a.zip');
  execFileSync('python3', ['-c', script, archive]);
  await unzip(archive, join(folder, 'out'), (name: string) =>
    name.includes('two') ? 'sub/second.txt' : null,
  );
  expect(readFileSync(join(folder, 'out', 'sub', 'second.txt'), 'utf8')).toBe('a/two.txt');
  await expect(unzip(archive, join(folder, 'out'), (name: string) => `../${name}`)).rejects.toThrow(
    'leaves the folder',
  );
});
