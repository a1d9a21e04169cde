/** Owns the icons of the packages: drawn from resources/icons/icon.svg in all sizes, and bound as each system wants them. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { electronArguments, withDisplay } from './launch.mjs';
import { inProject } from './paths.mjs';
import { run } from './run.mjs';
import { SetupError } from './say.mjs';

const sizes = [16, 32, 48, 64, 128, 256, 512, 1024];
/** Windows takes no icon above 256 (ICO file format). */
const icoSizes = [16, 32, 48, 64, 128, 256];
/** Types of an ICNS file whose content is a PNG (Apple Icon Image format). */
const icnsTypes = { icp4: 16, icp5: 32, icp6: 64, ic07: 128, ic08: 256, ic09: 512, ic10: 1024 };

/** Draws them into out/icons/: one PNG for each size in linux/, icon.ico and icon.icns. */
export async function makeIcons(electron) {
  const folder = inProject('out', 'icons');
  const linux = join(folder, 'linux');
  await rm(folder, { recursive: true, force: true });
  await mkdir(linux, { recursive: true });
  const code = await withDisplay((display) =>
    run(electron.executable, [inProject('scripts', 'lib', 'icon-painter'), ...electronArguments()], {
      quiet: true,
      env: {
        ...display,
        ...{ ICON_SOURCE: inProject('resources', 'icons', 'icon.svg'), ICON_SIZES: sizes.join(',') },
        ICON_FOLDER: linux,
      },
    }),
  );
  if (code !== 0) throw new SetupError('The icons could not be drawn.');
  await rm(join(linux, 'painter'), { recursive: true, force: true });
  const pictures = new Map();
  for (const size of sizes) pictures.set(size, await readFile(join(linux, `${size}x${size}.png`)));
  const images = (wanted) => wanted.map((size) => ({ size, png: pictures.get(size) }));
  await writeFile(join(folder, 'icon.ico'), ico(images(icoSizes)));
  const types = Object.entries(icnsTypes).map(([type, size]) => ({ type, png: pictures.get(size) }));
  await writeFile(join(folder, 'icon.icns'), icns(types));
}

/** A Windows icon of PNGs: a header of 6 bytes, an entry of 16 bytes for each, then the pictures. */
export function ico(images) {
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  for (const [index, { size, png }] of images.entries()) {
    const at = 6 + 16 * index;
    // 0 stands for 256.
    header[at] = header[at + 1] = size % 256;
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...images.map(({ png }) => png)]);
}

/** A macOS icon of PNGs: each with its type and its length, the 8 bytes of these included. */
export function icns(images) {
  const parts = images.map(({ type, png }) => block(type, png));
  return block('icns', Buffer.concat(parts));
}

function block(type, content) {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(8 + content.length, 4);
  return Buffer.concat([head, content]);
}
