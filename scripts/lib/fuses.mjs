/** Owns reading the fuses of an Electron, and switching those of an unpacked one; never switches one that is released. */
import { readFile, writeFile } from 'node:fs/promises';

/** Marks the fuse wire in the executable; then one byte version, one byte length, one character a fuse (Electron's docs, "Electron Fuses"). */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseIndex = {
  runAsNode: 0,
  cookieEncryption: 1,
  nodeOptions: 2,
  nodeCliInspect: 3,
  asarIntegrity: 4,
  onlyLoadAppFromAsar: 5,
  loadBrowserProcessSpecificV8Snapshot: 6,
};

/** Sets the named fuses of the executable on or off. @throws when it has no fuse wire or lacks a fuse */
export async function setFuses(executable, fuses) {
  const { bytes, wire, length } = await fuseWire(executable);
  for (const [name, on] of Object.entries(fuses)) {
    const index = fuseIndex[name];
    if (index >= length) throw new Error(`${executable} has no fuse ${name}`);
    bytes[wire + index] = (on ? '1' : '0').charCodeAt(0);
  }
  await writeFile(executable, bytes);
}

/** Which fuses of the executable are on; without those that this Electron does not have. */
export async function readFuses(executable) {
  const { bytes, wire, length } = await fuseWire(executable);
  const known = Object.entries(fuseIndex).filter(([, index]) => index < length);
  return Object.fromEntries(known.map(([name, index]) => [name, bytes[wire + index] === '1'.charCodeAt(0)]));
}

async function fuseWire(executable) {
  const bytes = await readFile(executable);
  const start = bytes.indexOf(sentinel);
  if (start < 0) throw new Error(`no fuse wire in ${executable}`);
  const wire = start + sentinel.length + 2;
  return { bytes, wire, length: bytes[wire - 1] };
}
