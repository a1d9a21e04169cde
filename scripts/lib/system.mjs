/** Owns what the system itself must have: shared libraries, a display; installs them only as root on Debian-like systems. */
import { existsSync } from 'node:fs';
import { hasProgram, output, run } from './run.mjs';
import { say, SetupError } from './say.mjs';

/** Library file (its name up to the version) → Debian packages; the second name is that of newer releases. */
const debianPackages = {
  'libgtk-3': ['libgtk-3-0', 'libgtk-3-0t64'],
  'libgdk-3': ['libgtk-3-0', 'libgtk-3-0t64'],
  libnss3: ['libnss3'],
  libnssutil3: ['libnss3'],
  libsmime3: ['libnss3'],
  libnspr4: ['libnspr4'],
  libasound: ['libasound2', 'libasound2t64'],
  libgbm: ['libgbm1'],
  libdrm: ['libdrm2'],
  libcups: ['libcups2', 'libcups2t64'],
  'libatk-1.0': ['libatk1.0-0', 'libatk1.0-0t64'],
  'libatk-bridge-2.0': ['libatk-bridge2.0-0', 'libatk-bridge2.0-0t64'],
  libatspi: ['libatspi2.0-0', 'libatspi2.0-0t64'],
  libxkbcommon: ['libxkbcommon0'],
  'libpango-1.0': ['libpango-1.0-0'],
  libcairo: ['libcairo2'],
  libX11: ['libx11-6'],
  libXcomposite: ['libxcomposite1'],
  libXdamage: ['libxdamage1'],
  libXext: ['libxext6'],
  libXfixes: ['libxfixes3'],
  libXrandr: ['libxrandr2'],
  libxcb: ['libxcb1'],
  'libdbus-1': ['libdbus-1-3'],
  libexpat: ['libexpat1'],
  'libglib-2.0': ['libglib2.0-0', 'libglib2.0-0t64'],
  'libgio-2.0': ['libglib2.0-0', 'libglib2.0-0t64'],
  'libgobject-2.0': ['libglib2.0-0', 'libglib2.0-0t64'],
};

export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);

/** Shared libraries that the executable asks for and the system lacks. */
function missingLibraries(executable) {
  const listed = output('ldd', [executable]) ?? '';
  return [...listed.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name);
}

/** Makes sure that Electron can run on this Linux: libraries, fonts, and Xvfb where there is no display. */
export async function prepareSystem(executable) {
  if (process.platform !== 'linux') return;
  const missing = missingLibraries(executable);
  const known = missing.flatMap((library) => {
    const name = Object.keys(debianPackages).find((key) => library.startsWith(`${key}.so`));
    return name === undefined ? [] : [debianPackages[name][0]];
  });
  const names = [...new Set(known)];
  if (!hasDisplay() && !hasProgram('Xvfb')) names.push('xvfb');
  if (
    (
      output('sh', ['-c', 'ls /usr/share/fonts /usr/local/share/fonts ~/.fonts 2>/dev/null; true']) ?? ''
    ).trim() === ''
  ) {
    names.push('fonts-dejavu-core');
  }
  if (names.length > 0) {
    if (missing.length > 0) say(`      missing: ${missing.join(', ')}`);
    await installPackages(names, 'Electron');
  }
  const still = missingLibraries(executable);
  if (still.length > 0)
    throw new SetupError(`Electron lacks ${still.join(', ')}. Install them with your package manager.`);
}

const debianName = ([old, newer]) => (newer && output('apt-cache', ['show', old]) === null ? newer : old);

/** Installs packages as root on a Debian-like system. @throws SetupError with the exact command elsewhere */
export async function installPackages(names, why) {
  const command = `apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new SetupError(
      existsSync('/usr/bin/apt-get')
        ? `${why} needs system packages. Install them and start again:\n\n    sudo ${command}\n`
        : `${why} needs these packages (their Debian names): ${names.join(' ')}. Install them with your package manager and start again.`,
    );
  }
  say(`      installing ${names.join(' ')}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = async (list) =>
    run('apt-get', ['install', '-y', '--no-install-recommends', ...list], { env, quiet: true });
  await run('apt-get', ['update'], { env, quiet: true });
  // Only after the update is it known which of two names this release has.
  const renamed = names.map((name) => {
    const pair = Object.values(debianPackages).find((both) => both.includes(name));
    return pair ? debianName(pair) : name;
  });
  if ((await install(renamed)) !== 0) throw new SetupError(`These could not be installed: ${command}`);
}
