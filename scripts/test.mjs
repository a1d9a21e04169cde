/** `npm test`: sets everything up, runs all checks and tests, and ends with how many passed and failed. `npm test -- unit` runs one part. */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { checks } from './lib/checks.mjs';
import { withDisplays } from './lib/launch.mjs';
import { inProject } from './lib/paths.mjs';
import { run } from './lib/run.mjs';
import { main, say, SetupError } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';

const reports = inProject('out', 'reports');
const parts = { check: runChecks, unit: runUnit, e2e: runE2e };

await main(async () => {
  const [wanted] = process.argv.slice(2);
  if (wanted !== undefined && !(wanted in parts)) {
    throw new SetupError(`There is no part named ${wanted}; these are: ${Object.keys(parts).join(', ')}.`);
  }
  const { electron, starter } = await setUp();
  if (starter === null) say('The tests with a real model will fail: there is none.');
  await rm(reports, { recursive: true, force: true });
  await mkdir(reports, { recursive: true });
  const env = {
    ALTIPLANO_ELECTRON: electron.executable,
    ALTIPLANO_STARTER_MODEL: starter ?? '',
    UV_THREADPOOL_SIZE: '1',
  };
  const total = { passed: 0, failed: 0 };
  for (const [name, part] of Object.entries(parts)) {
    if (wanted !== undefined && wanted !== name) continue;
    say(`\n== ${name}`);
    const { passed, failed } = await part(env);
    total.passed += passed;
    total.failed += failed;
  }
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
  return total.failed === 0 ? 0 : 1;
});

/** Two at a time: each keeps one core busy. */
async function runChecks() {
  const codes = [];
  const left = [...checks];
  const lane = async () => {
    for (let check = left.shift(); check !== undefined; check = left.shift()) {
      const code = await run(process.execPath, check.args);
      say(`${code === 0 ? 'ok  ' : 'FAIL'} ${check.name}`);
      codes.push(code);
    }
  };
  await Promise.all([lane(), lane()]);
  return {
    passed: codes.filter((code) => code === 0).length,
    failed: codes.filter((code) => code !== 0).length,
  };
}

async function runUnit(env) {
  const file = `${reports}/unit.json`;
  const code = await run(
    process.execPath,
    [
      ...[inProject('node_modules/vitest/vitest.mjs'), 'run', '--config', 'tests/vitest.config.ts'],
      ...['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`],
    ],
    { env },
  );
  const report = await readReport(file);
  return counted(code, report?.numPassedTests, report && report.numTotalTests - report.numPassedTests);
}

async function runE2e(env) {
  const file = `${reports}/e2e.json`;
  // Two at a time, as the checks: each on a display of its own, where no other window takes its focus.
  const code = await withDisplays(2, (displays) =>
    run(
      process.execPath,
      [
        ...[
          inProject('node_modules/@playwright/test/cli.js'),
          'test',
          '--config',
          'tests/e2e/playwright.config.ts',
        ],
        '--reporter=list,json',
      ],
      { env: { ...env, ALTIPLANO_DISPLAYS: displays.join(' '), PLAYWRIGHT_JSON_OUTPUT_NAME: file } },
    ),
  );
  const stats = (await readReport(file))?.stats;
  // A skipped test has shown nothing: it counts as failed.
  return counted(code, stats?.expected, stats && stats.unexpected + stats.flaky + stats.skipped);
}

async function readReport(file) {
  return JSON.parse(await readFile(file, 'utf8').catch(() => 'null'));
}

/** A runner that broke without a failed test still counts as a failure. */
function counted(code, passed = 0, failed = 0) {
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}
