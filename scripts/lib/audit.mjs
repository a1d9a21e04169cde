/** Owns asking the registry for known weaknesses of the packages, and reading what `npm audit --json` has said. */
import { spawnSync } from 'node:child_process';
import { project } from './paths.mjs';

/** Asks; where nobody answers, the outcome says so. */
export function audit() {
  // It exits with 1 where it has found something.
  const { stdout } = spawnSync('npm', ['audit', '--json'], {
    ...{ cwd: project, encoding: 'utf8', shell: process.platform === 'win32', timeout: 60_000 },
  });
  return auditOutcome(stdout);
}

/**
 * @param json its output
 * @returns a sentence, and whether there is something to mend: high or critical
 */
export function auditOutcome(json) {
  let counts;
  try {
    counts = JSON.parse(json).metadata.vulnerabilities;
  } catch {
    // Nothing, or an error of the network or the registry.
  }
  if (counts === undefined)
    return { text: 'Not audited: the registry does not answer audits from here.', failed: false };
  const told = ['critical', 'high', 'moderate', 'low'].map((level) => `${counts[level]} ${level}`);
  return { text: `Known weaknesses: ${told.join(', ')}.`, failed: counts.critical + counts.high > 0 };
}
