/** `npm run bench -- download`: how fast the app fetches and proves a file, as a ratio to curl from the same server, and the memory it takes. */
import { spawn } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { machine, median } from './lib/figures.mjs';
import { withApp } from './lib/window.mjs';

const pairs = 8;
const sizeBytes = 1024 ** 3;
const limits = { ratio: 0.9, moreMegabytes: 64 };
const serverFile = fileURLToPath(new URL('./lib/blob-server.mjs', import.meta.url));

/** @param context the Electron at hand, the display and whether to print JSON */
export async function bench({ electron, env, json }) {
  const server = spawn(process.execPath, [serverFile, String(sizeBytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const folder = await mkdtemp(join(tmpdir(), 'bench-download-'));
  try {
    const file = JSON.parse(await firstLine(server.stdout));
    const result = await withApp({ electron, env, model: '' }, (app) => measure(app, file, folder, json));
    const within = result.ratio >= limits.ratio && result.moreMegabytes <= limits.moreMegabytes;
    console.log(
      json
        ? JSON.stringify({ ...result, limits })
        : `fastest against fastest ${result.ratio.toFixed(2)} × curl (at least ${limits.ratio}), median of the pairs ${result.medianRatio.toFixed(2)}, ${result.moreMegabytes.toFixed(0)} MB more than idle (at most ${limits.moreMegabytes}) on ${result.machine}`,
    );
    return within ? 0 : 1;
  } finally {
    server.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Memory that a virtual machine touches for the first time is several times slower than all of this, and which side gets
 * it is chance: so the fastest of each side are compared, and the median of the pairs is told too.
 */
async function measure(app, file, folder, json) {
  await byApp(app, file);
  await delay(3000);
  const idleMegabytes = await megabytes(app);
  const rows = [];
  let mostMegabytes = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const curl = async () => byCurl(file, join(folder, 'blob'));
    const own = async () => byApp(app, file, (found) => (mostMegabytes = Math.max(mostMegabytes, found)));
    const [first, second] = pair % 2 === 0 ? [curl, own] : [own, curl];
    const [a, b] = [await first(), await second()];
    const [curlMs, appMs] = pair % 2 === 0 ? [a, b] : [b, a];
    rows.push({ curlMs, appMs });
    if (!json) console.log(`${speed(appMs)} against ${speed(curlMs)}: ${(curlMs / appMs).toFixed(2)}`);
  }
  const fastest = (side) => Math.min(...rows.map((row) => row[side]));
  return {
    machine: machine(),
    ratio: fastest('curlMs') / fastest('appMs'),
    medianRatio: median(rows.map(({ curlMs, appMs }) => curlMs / appMs)),
    moreMegabytes: mostMegabytes - idleMegabytes,
    rows,
  };
}

const speed = (ms) => `${(sizeBytes / 1000 / ms).toFixed(0)} MB/s`;

/** Until the file is on the disk itself, as the app's is before it has its name. */
async function byCurl(file, path) {
  const started = performance.now();
  const curl = spawn('curl', ['--silent', '--fail', '--noproxy', '*', '--output', path, file.url]);
  const code = await new Promise((resolve, reject) => curl.on('error', reject).on('exit', resolve));
  if (code !== 0) throw new Error(`curl ended with code ${code}`);
  const handle = await open(path);
  await handle.sync().finally(() => handle.close());
  const elapsed = performance.now() - started;
  await rm(path);
  return elapsed;
}

/** @param onMemory told how much memory the app takes, several times on the way */
async function byApp(app, file, onMemory = () => undefined) {
  const files = [{ ...file, fileName: 'blob.gguf' }];
  // Asking again and again whether it is done would take time from it.
  await app.page.evaluate(() => {
    window.benchEnded = new Promise((resolve) =>
      window.altiplano.onEvent((name, list) => {
        const ended =
          name === 'downloads.changed' && list.find(({ state }) => ['done', 'failed'].includes(state));
        if (ended) resolve(ended);
      }),
    );
  });
  const started = performance.now();
  await app.request('downloads.start', { name: 'Blob', source: file.url, files });
  const looking = setInterval(() => void megabytes(app).then(onMemory), 500);
  const download = await app.page.evaluate(() => window.benchEnded);
  const elapsed = performance.now() - started;
  clearInterval(looking);
  if (download.state === 'failed') throw new Error(download.error.message);
  await rm(download.paths[0]);
  await app.request('downloads.clearFinished');
  return elapsed;
}

/** Of all processes of the app together. */
const megabytes = ({ app }) =>
  app.evaluate(({ app: electron }) =>
    electron.getAppMetrics().reduce((sum, { memory }) => sum + memory.workingSetSize / 1000, 0),
  );

function firstLine(stream) {
  return new Promise((resolve, reject) => {
    stream.once('data', (text) => resolve(String(text).split('\n')[0]));
    stream.once('end', () => reject(new Error('the server did not start')));
  });
}
