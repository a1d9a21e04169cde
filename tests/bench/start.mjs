/** `npm run bench -- start`: time from starting the process to a window that can be used, as a ratio to a bare Electron window. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { electronArguments } from '../../scripts/lib/launch.mjs';
import { machine, median } from './lib/figures.mjs';

const pairs = 12;
const project = fileURLToPath(new URL('../..', import.meta.url));
const bare = fileURLToPath(new URL('./bare', import.meta.url));

/** @param context the Electron at hand, the display and whether to print JSON */
export async function bench({ electron, env, json }) {
  const home = await mkdtemp(join(tmpdir(), 'bench-start-'));
  // Without a model on purpose: the model is loaded after the window can be used.
  const full = { ...env, ALTIPLANO_HOME: home, BARE_HOME: join(home, 'bare'), ALTIPLANO_STARTER_MODEL: '' };
  const app = () => startMs(electron.executable, [project, '--start-test'], full);
  const reference = () => startMs(electron.executable, [bare], full);
  // A first start of each makes the data folder and fills the caches: the second one is measured.
  await app();
  await reference();
  const rows = [];
  for (let pair = 0; pair < pairs; pair++) {
    const [first, second] = pair % 2 === 0 ? [app, reference] : [reference, app];
    const [a, b] = [await first(), await second()];
    const [appMs, bareMs] = pair % 2 === 0 ? [a, b] : [b, a];
    rows.push({ appMs, bareMs, ratio: appMs / bareMs });
    if (!json)
      console.log(`${appMs.toFixed(0)} ms against ${bareMs.toFixed(0)} ms: ${(appMs / bareMs).toFixed(2)}`);
  }
  await rm(home, { recursive: true, force: true });
  const result = {
    machine: machine(),
    appMs: median(rows.map((row) => row.appMs)),
    bareMs: median(rows.map((row) => row.bareMs)),
    ratio: median(rows.map((row) => row.ratio)),
    limit: 1.5,
  };
  console.log(
    json
      ? JSON.stringify({ ...result, rows })
      : `median ${result.appMs.toFixed(0)} ms against ${result.bareMs.toFixed(0)} ms: ratio ${result.ratio.toFixed(2)} (at most ${result.limit}) on ${result.machine}`,
  );
  return result.ratio <= result.limit ? 0 : 1;
}

function startMs(executable, args, env) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(executable, [...args, ...electronArguments()], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let elapsed = null;
    child.stdout.on('data', (text) => {
      if (elapsed === null && String(text).includes('"interactive":true'))
        elapsed = performance.now() - started;
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      elapsed === null ? reject(new Error(`ended with code ${code}`)) : resolve(elapsed),
    );
  });
}
