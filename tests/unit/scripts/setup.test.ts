/** The parts of the set-up that can be shown without a fresh machine. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
// @ts-expect-error -- a script that runs before anything is compiled
import { readFuses, setFuses } from '../../../scripts/lib/fuses.mjs';
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
  expect(await readFuses(path)).toMatchObject({ runAsNode: true, nodeOptions: true, nodeCliInspect: false });
  writeFileSync(path, 'no wire');
  await expect(setFuses(path, { runAsNode: false })).rejects.toThrow('no fuse wire');
});

test('an archive is unpacked where it is told to, and never outside', async () => {
  const archive = join(folder, 'a.zip');
  writeFileSync(archive, storedZip(['a/one.txt', 'a/two.txt']));
  await unzip(archive, join(folder, 'out'), (name: string) =>
    name.includes('two') ? 'sub/second.txt' : null,
  );
  expect(readFileSync(join(folder, 'out', 'sub', 'second.txt'), 'utf8')).toBe('a/two.txt');
  await expect(unzip(archive, join(folder, 'out'), (name: string) => `../${name}`)).rejects.toThrow(
    'leaves the folder',
  );
});

/** A zip whose members hold their own names, uncompressed (PKWARE's APPNOTE; the reader does not look at the CRC). */
function storedZip(names: readonly string[]): Buffer {
  const members: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const name of names) {
    const text = Buffer.from(name);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt32LE(text.length, 14);
    shared.writeUInt32LE(text.length, 18);
    shared.writeUInt16LE(text.length, 22);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), shared, entry, text);
    const member = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), shared, text, text]);
    members.push(member);
    offset += member.length;
  }
  const size = Buffer.concat(directory).length;
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(names.length, 8);
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...members, ...directory, end]);
}
