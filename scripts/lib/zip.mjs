/** Owns reading zip archives: streams chosen members to disk; never writes outside the target folder. */
import { createWriteStream } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * Unpacks an archive.
 * @param archive path of the zip
 * @param place answers where a member goes, relative to `folder`, or null to leave it out
 * @param onProgress called with the fraction of members done
 */
export async function unzip(archive, folder, place, onProgress = () => {}) {
  // Set-up starts before packages are there; only this step needs one.
  const { default: yauzl } = await import('yauzl');
  const zip = await new Promise((resolve, reject) =>
    yauzl.open(archive, { lazyEntries: true, autoClose: false }, (error, file) =>
      error ? reject(error) : resolve(file),
    ),
  );
  const open = (entry) =>
    new Promise((resolve, reject) =>
      zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream))),
    );
  try {
    let done = 0;
    for await (const entry of entries(zip)) {
      onProgress(++done / zip.entryCount);
      const name = place(entry.fileName);
      if (name === null || entry.fileName.endsWith('/')) continue;
      const target = join(folder, name);
      const inside = relative(folder, target);
      if (inside.startsWith('..') || isAbsolute(inside))
        throw new Error(`${entry.fileName} leaves the folder`);
      await mkdir(dirname(target), { recursive: true });
      const mode = entry.externalFileAttributes >>> 16;
      const stream = await open(entry);
      if ((mode & 0o170000) === 0o120000) {
        const parts = [];
        for await (const part of stream) parts.push(part);
        await symlink(Buffer.concat(parts).toString(), target);
      } else await pipeline(stream, createWriteStream(target, { mode: mode & 0o777 || 0o644 }));
    }
  } finally {
    zip.close();
  }
}

async function* entries(zip) {
  for (;;) {
    const entry = await new Promise((resolve, reject) => {
      zip
        .once('entry', resolve)
        .once('end', () => resolve(null))
        .once('error', reject);
      zip.readEntry();
    });
    zip.removeAllListeners();
    if (entry === null) return;
    yield entry;
  }
}
