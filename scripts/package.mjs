/** `npm run package`: an unpacked distributable in dist/, from the Electron at hand, checked and tried out. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeIcons } from './lib/icons.mjs';
import { checkPackage, packagedApp, smokeTest } from './lib/package-checks.mjs';
import { inProject } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { main, say } from './lib/say.mjs';
import { electronVersion, setUp } from './lib/setup.mjs';

await main(async () => {
  const { electron } = await setUp();
  if (electron.fallback) {
    say(
      'This Electron is for development and tests: the result is good for trying it out, and must not be given away.',
    );
  }
  await makeIcons(electron);
  const output = inProject('dist');
  await rm(output, { recursive: true, force: true });
  const code = await run(process.execPath, [
    inProject('node_modules/electron-builder/cli.js'),
    '--dir',
    '--publish=never',
    `-c.electronDist=${electron.folder}`,
    `-c.electronVersion=${await electronVersion(electron)}`,
  ]);
  if (code !== 0) return code;
  const packaged = packagedApp();
  // What stands in for Electron's default app came along with the fallback.
  await rm(join(packaged.resources, 'app'), { recursive: true, force: true });
  const findings = [...(await checkPackage(packaged)), await smokeTest(packaged)];
  await mkdir(inProject('out', 'reports'), { recursive: true });
  await writeFile(inProject('out', 'reports', 'package.json'), JSON.stringify(findings));
  for (const { what, wanted, got, ok } of findings)
    say(`${ok ? 'ok  ' : 'FAIL'} ${what}: ${got} (${wanted})`);
  return findings.every(({ ok }) => ok) ? 0 : 1;
});
