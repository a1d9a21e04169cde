/** Owns starting other programs. */
import { spawn, spawnSync } from 'node:child_process';
import { project } from './paths.mjs';

/** Runs a program in the project with this terminal; answers its exit code (128 + n for a signal, 127 when missing). */
export function run(command, args, { env = {}, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: project,
      // What a set-up step prints goes to standard error: standard output belongs to the answer.
      stdio: ['inherit', quiet ? 'ignore' : 2, quiet ? 'ignore' : 2],
      env: { ...process.env, ...env },
      shell: process.platform === 'win32' && command === 'npm',
    });
    child.on('error', () => resolve(127));
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 143 : 1)));
  });
}

/** Output of a short program, or null when it failed or is missing. */
export function output(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', ...options });
  return result.status === 0 ? result.stdout : null;
}

export const hasProgram = (name) => output('sh', ['-c', `command -v ${name}`]) !== null;
