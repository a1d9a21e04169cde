/**
 * `npm run bench -- trust [LIST …]`: whether the app can be left running on someone's machine: each list of what that takes
 * is shown by its suites, with what they counted, by the package, and by the bench of rest. Takes a quarter of an hour.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from '../../scripts/lib/audit.mjs';
import { inProject } from '../../scripts/lib/paths.mjs';
import { output, run } from '../../scripts/lib/run.mjs';
import { machine } from './lib/figures.mjs';

/** The suites that show each list: in Electron, and without it. */
const lists = {
  security: {
    e2e: ['attacks', 'network', 'markdown'],
    unit: ['main/ipc', 'main/app', 'main/net', 'main/engine/gguf', 'main/models/download', 'main/characters'],
    steps: [audited],
  },
  recovery: {
    e2e: [
      '[a-z-]*recovery',
      'damage',
      'backups',
      'trouble',
      'engine-life',
      'leaving',
      'states',
      'backup-file',
    ],
    unit: [
      ...['main/chat/crash', 'main/chat/partial-saver', 'main/db', 'main/settings', 'main/engine/state'],
      ...[
        'main/log',
        'main/models/loader',
        'main/models/ladder',
        'main/engine/death',
        'main/engine/server-gpu',
      ],
      ...['main/net/open-requests', 'main/models/download', 'main/exchange', 'preload/contract/errors'],
    ],
    steps: [fullDisk],
  },
  packages: { unit: ['scripts/'], steps: [packaged] },
  accessibility: { e2e: ['accessibility', 'keyboard', 'look'], unit: ['renderer/announcements'] },
  languages: {
    e2e: ['language'],
    unit: ['preload/contract/language', 'scripts/texts', 'scripts/no-loose-text', 'renderer/rich-text'],
  },
  help: { e2e: ['welcome'], unit: ['renderer/guide'] },
  idle: { e2e: ['idle'], unit: ['main/models/idle'], steps: [idle] },
};
const figuresFolder = inProject('out', 'reports', 'trust');

/** @param context the Electron at hand, the display, the arguments and whether to print JSON */
export async function bench(context) {
  const { args, json } = context;
  await rm(figuresFolder, { recursive: true, force: true });
  const named = Object.keys(lists).filter((name) => args.includes(name));
  const results = {};
  for (const name of named.length > 0 ? named : Object.keys(lists)) {
    const { e2e = [], unit = [], steps = [] } = lists[name];
    const findings = [];
    if (unit.length > 0) findings.push(await unitSuites(context, unit));
    if (e2e.length > 0) findings.push(await e2eSuites(context, e2e));
    for (const step of steps) findings.push(...(await step(context)));
    findings.push(...(await counted()));
    results[name] = findings;
    if (!json) print(name, findings);
  }
  if (json) console.log(JSON.stringify({ machine: machine(), results }));
  return Object.values(results).every((findings) => findings.every(({ ok }) => ok)) ? 0 : 1;
}

function print(name, findings) {
  console.log(`\n${name}`);
  for (const { what, wanted, got, ok } of findings)
    console.log(`  ${ok ? 'ok  ' : 'FAIL'} ${what}: ${got} (wanted: ${wanted})`);
}

const environment = ({ electron, starter, env }) => ({
  ...env,
  ALTIPLANO_ELECTRON: electron.executable,
  ALTIPLANO_STARTER_MODEL: starter ?? '',
  UV_THREADPOOL_SIZE: '1',
});

async function unitSuites(context, names) {
  const file = inProject('out', 'reports', 'trust-unit.json');
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'tests/vitest.config.ts'];
  const report = ['--reporter=json', `--outputFile=${file}`];
  await rm(file, { force: true });
  const filters = names.map((name) => `tests/unit/${name}`);
  await run(process.execPath, [...vitest, ...report, ...filters], {
    ...{ env: environment(context), quiet: true },
  });
  const { testResults = [] } = await read(file, {});
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.filter(({ status }) => status !== 'passed').map(({ title }) => title);
  return suites('tests of the parts', tests.length, failed);
}

const e2eSuites = (context, names) =>
  throughWindow(context, 'tests through the window', {
    filters: names.map((name) => `/${name}\\.spec\\.ts$`),
  });

/** @param within a program and its first arguments, in which the tests run */
async function throughWindow(context, what, { filters = [], within = [], env = {} }) {
  const file = inProject('out', 'reports', 'trust-e2e.json');
  const playwright = [
    'node_modules/@playwright/test/cli.js',
    'test',
    '--config',
    'tests/e2e/playwright.config.ts',
  ];
  await rm(file, { force: true });
  const [program, ...args] = [...within, process.execPath, ...playwright, '--reporter=json', ...filters];
  await run(program, args, {
    ...{ env: { ...environment(context), ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file }, quiet: true },
  });
  const tests = ((await read(file, {})).suites ?? []).flatMap(specsOf);
  return suites(
    what,
    tests.length,
    tests.filter(({ ok }) => !ok).map(({ title }) => title),
  );
}

/** In a space of mounts of its own: a disk of 64 MB, and in it one that can only be read. */
const mountDisks = [
  'mount -t tmpfs -o size=64m tmpfs "$0"',
  'mkdir "$0/read-only"',
  'mount -t tmpfs -o ro,size=1m tmpfs "$0/read-only"',
].join(' && ');
const mountSpaces = [['--user', '--map-root-user', '--mount'], ['--mount']];

/** With disks of its own, where the system lets us mount them; the tests of the parts have errors in their place. */
async function fullDisk(context) {
  const what = 'a full disk and a read-only one, mounted';
  const disk = await mkdtemp(join(tmpdir(), 'disk-'));
  try {
    const space = mountSpaces.find(
      (flags) => output('unshare', [...flags, 'sh', '-c', mountDisks, disk]) !== null,
    );
    if (space === undefined)
      return [{ what, wanted: 'all pass', got: 'not tried: nothing can be mounted here', ok: true }];
    const within = ['unshare', ...space, 'sh', '-c', `${mountDisks} && exec "$@"`, disk];
    return [await throughWindow(context, what, { within, env: { ALTIPLANO_TEST_DISK: disk } })];
  } finally {
    await rm(disk, { recursive: true, force: true });
  }
}

const specsOf = ({ specs = [], suites: inner = [] }) => [...specs, ...inner.flatMap(specsOf)];

function suites(what, count, failed) {
  const ok = count > 0 && failed.length === 0;
  const got =
    failed.length > 0 ? `${failed.length} of ${count} failed: ${failed.join('; ')}` : `${count} passed`;
  return { what, wanted: 'all pass', got, ok };
}

/** What the suites wrote down of what they counted; that it is as wanted they have asserted themselves. */
async function counted() {
  const findings = [];
  for (const name of (await readdir(figuresFolder).catch(() => [])).sort()) {
    const figures = await read(join(figuresFolder, name), []);
    findings.push(...figures.map((figure) => ({ ...figure, ok: figure.ok ?? isAsWanted(figure) })));
  }
  await rm(figuresFolder, { recursive: true, force: true });
  return findings;
}

/** Numbers and words are compared as they are; a bound is `at most N`. */
function isAsWanted({ wanted, got }) {
  const [, most] = /^at most ([\d.,]+)/.exec(String(wanted)) ?? [];
  const number = (text) => Number.parseFloat(String(text).replaceAll(',', ''));
  return most === undefined ? String(wanted) === String(got) : number(got) <= number(most);
}

async function packaged() {
  const file = inProject('out', 'reports', 'package.json');
  await rm(file, { force: true });
  await run(process.execPath, [inProject('scripts', 'package.mjs')], { quiet: true });
  const failed = { what: 'npm run package', wanted: 'a package', got: 'none was made', ok: false };
  return read(file, [failed]);
}

function audited() {
  const { text, failed } = audit();
  return [{ what: 'npm run audit', wanted: 'nothing high', got: text, ok: !failed }];
}

async function idle(context) {
  const { restFindings } = await import('./idle.mjs');
  return restFindings(context);
}

const read = async (path, otherwise) =>
  JSON.parse(await readFile(path, 'utf8').catch(() => JSON.stringify(otherwise)));
