/**
 * `npm run bench -- idle [--seconds N]`: what the app does while nobody uses it, with a model loaded and a chat of 1,000
 * messages open: computing, wake-ups, network and memory, against a bare Electron window. Linux only: it reads /proc.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { electronArguments } from '../../scripts/lib/launch.mjs';
import { inProject } from '../../scripts/lib/paths.mjs';
import { writeLongChats } from '../fixtures/long-chat.mjs';
import { machine, median } from './lib/figures.mjs';
import { memory, processesOf, sockets, usage } from './lib/processes.mjs';
import { withHome } from './lib/window.mjs';

const bare = fileURLToPath(new URL('./bare', import.meta.url));
const messages = 1000;
/** The middle one of so many parts of the time counts: what comes once in it, as pages that the system had taken away, is no habit. */
const windows = 5;
/** What the app may do more than a bare window, and hold. Chromium itself wakes up a few times a second. */
const limits = { moreCpuPercent: 0.2, moreWakeUpsPerSecond: 2, megabytes: 250 };
/** The work after a start is over when so little was computed in so long; the app looks after its backups at a minute. */
const quiet = { ms: 60, withinMs: 5000, earliestMs: 75_000, latestMs: 180_000 };

/** @param context the Electron at hand, the display, the arguments and whether to print JSON */
export async function bench(context) {
  const { args, json } = context;
  const at = args.indexOf('--seconds');
  const watched = await watch(context, at < 0 ? 20 : Number(args[at + 1]));
  const findings = judged(watched);
  const passed = findings.every(({ ok }) => ok);
  if (json) console.log(JSON.stringify({ machine: machine(), limits, ...watched, findings, passed }));
  else {
    printProcesses('app', watched.app);
    printProcesses('bare window', watched.reference);
    for (const { what, wanted, got, ok } of findings)
      console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}: ${got} (wanted: ${wanted})`);
  }
  return passed ? 0 : 1;
}

/** As `npm run bench -- trust` lists them. */
export const restFindings = async (context) => judged(await watch(context, 20));

/** Watches the app, and then a bare window in its place. */
function watch({ electron, env, starter }, seconds) {
  return withHome({ electron, env, model: starter }, async (open) => {
    const home = await open(async ({ request }) => (await request('app.info')).home);
    writeLongChats(join(home, 'altiplano.db'), [{ title: 'Long', length: messages }]);
    const own = { ...env, ALTIPLANO_HOME: home, ALTIPLANO_STARTER_MODEL: starter };
    const bareEnv = (name) => ({ ...env, BARE_HOME: join(home, name), BARE_STAYS: '1' });
    // Another program has the focus: a caret that blinks is work for one who writes.
    const front = () => started(electron, bare, bareEnv('front'));
    const app = await measured({ child: started(electron, inProject(), own), isApp: true }, front, seconds);
    const reference = await measured(
      { child: started(electron, bare, bareEnv('bare')), isApp: false },
      front,
      seconds,
    );
    // What was open: the chat that was used last.
    await open(({ page }) => page.locator(`[aria-setsize="${messages}"]`).first().waitFor());
    return { app, reference };
  });
}

function judged({ app, reference }) {
  const cpu = app.cpuPercent - reference.cpuPercent;
  const wakeUps = app.wakeUps - reference.wakeUps;
  const megabytes = app.processes.main.pss + app.processes.page.pss;
  const { moreCpuPercent, moreWakeUpsPerSecond } = limits;
  const finding = (what, wanted, got, ok) => ({ what, wanted, got, ok });
  return [
    finding(
      'computing at rest, more than a bare window',
      `at most ${moreCpuPercent} % of a core`,
      `${cpu.toFixed(3)} % (${app.cpuPercent.toFixed(3)} in all)`,
      cpu <= moreCpuPercent,
    ),
    finding(
      'wake-ups at rest, more than a bare window',
      `at most ${moreWakeUpsPerSecond} a second`,
      `${wakeUps.toFixed(2)} a second (${app.wakeUps.toFixed(2)} in all)`,
      wakeUps <= moreWakeUpsPerSecond,
    ),
    finding('sockets open at rest', 'none', app.sockets.join(', ') || 'none', app.sockets.length === 0),
    finding(
      `memory of main and page with a chat of ${messages} messages`,
      `at most ${limits.megabytes} MB`,
      `${megabytes.toFixed(0)} MB`,
      megabytes <= limits.megabytes,
    ),
  ];
}

function printProcesses(name, { processes }) {
  console.log(`${name}:`);
  for (const [kind, { cpuPercent, wakeUps, pss, rss }] of Object.entries(processes)) {
    console.log(
      `  ${kind.padEnd(12)} ${cpuPercent.toFixed(3).padStart(7)} % of a core  ${wakeUps.toFixed(2).padStart(6)} wake-ups/s  ` +
        `${pss.toFixed(0).padStart(4)} MB (${rss.toFixed(0)} with all that is shared)`,
    );
  }
}

const started = (electron, folder, env) =>
  spawn(electron.executable, [folder, ...electronArguments()], { env, stdio: 'ignore' });

/** Waits until an app rests, watches it for some seconds behind the window of another one, and ends both. */
async function measured({ child, isApp }, startFront, seconds) {
  let front = null;
  try {
    await rested(child.pid, isApp ? quiet.earliestMs : 0);
    front = startFront();
    await delay(quiet.withinMs);
    const kinds = await processesOf(child.pid);
    const readings = [await used(kinds)];
    for (let at = 0; at < windows; at++) {
      await delay((seconds * 1000) / windows);
      readings.push(await used(kinds));
    }
    const processes = {};
    const open = [];
    for (const [pid, kind] of kinds) {
      const perSecond = (name) =>
        median(
          readings
            .slice(1)
            .map(
              (reading, at) => ((reading.get(pid)[name] - readings[at].get(pid)[name]) * windows) / seconds,
            ),
        );
      const sum = (processes[kind] ??= { cpuPercent: 0, wakeUps: 0, rss: 0, pss: 0 });
      sum.cpuPercent += perSecond('computedMs') / 10;
      sum.wakeUps += perSecond('sleeps');
      const { rss, pss } = await memory(pid);
      sum.rss += rss;
      sum.pss += pss;
      open.push(...(await sockets(pid)));
    }
    const total = (name) => Object.values(processes).reduce((sum, each) => sum + each[name], 0);
    return { cpuPercent: total('cpuPercent'), wakeUps: total('wakeUps'), processes, sockets: open };
  } finally {
    for (const each of [child, front]) {
      if (each === null) continue;
      each.kill();
      await once(each, 'exit');
    }
  }
}

async function used(kinds) {
  const pairs = [];
  for (const pid of kinds.keys()) pairs.push([pid, await usage(pid)]);
  return new Map(pairs);
}

async function rested(pid, earliestMs) {
  const computed = async () => {
    let sum = 0;
    for (const { computedMs } of (await used(await processesOf(pid))).values()) sum += computedMs;
    return sum;
  };
  const latest = performance.now() + quiet.latestMs;
  await delay(Math.max(earliestMs, quiet.withinMs));
  for (let before = await computed(); performance.now() < latest;) {
    await delay(quiet.withinMs);
    const now = await computed();
    if (now - before < quiet.ms) return;
    before = now;
  }
}
