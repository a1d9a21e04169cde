/** Owns starting the built app in an Electron, with a display made for it where there is none. */
import { spawn } from 'node:child_process';
import { project } from './paths.mjs';
import { say } from './say.mjs';
import { hasDisplay } from './system.mjs';

/** An X server without a screen, for machines that have none; answers its DISPLAY and how to end it. */
function startXvfb() {
  return new Promise((resolve, reject) => {
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    server.on('error', reject);
    server.on('exit', (code) => reject(new Error(`Xvfb ended with code ${code}`)));
    let number = '';
    server.stdio[3].on('data', (text) => {
      number += text;
      if (number.includes('\n')) resolve({ display: `:${number.trim()}`, stop: () => server.kill() });
    });
  });
}

/** Runs `work` with a display: the one at hand, or an Xvfb for as long as it lasts. */
export const withDisplay = (work) =>
  withDisplays(1, ([display]) => work(display === undefined ? {} : { DISPLAY: display }));

/** Runs `work` with so many displays made for it, or with none where there is one at hand. */
export async function withDisplays(count, work) {
  if (hasDisplay()) return work([]);
  say('No display here: using a virtual one (Xvfb), so no window will be seen.');
  const servers = [];
  try {
    while (servers.length < count) servers.push(await startXvfb());
    return await work(servers.map(({ display }) => display));
  } finally {
    for (const { stop } of servers) stop();
  }
}

/** Arguments that every start of Electron here needs: Chromium's sandbox can't be set up by root. */
export const electronArguments = () => (process.getuid?.() === 0 ? ['--no-sandbox'] : []);

/** Starts the app and waits until it ends; answers its exit code. */
export async function startApp(electron, args, env = {}) {
  return withDisplay(
    (display) =>
      new Promise((resolve, reject) => {
        const child = spawn(electron.executable, [project, ...electronArguments(), ...args], {
          stdio: 'inherit',
          env: { ...process.env, ...display, ...env },
        });
        for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
        child.on('error', reject);
        child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : 0)));
      }),
  );
}
