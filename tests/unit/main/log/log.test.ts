/** What is kept of failures: enough to mend them, nothing that is private, and never more than a bounded size. */
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Log } from '../../../../main/log/log.js';
import { problemLine } from '../../../../main/log/problem-line.js';
import { reportText } from '../../../../main/log/report.js';
import { parseSettings } from '../../../../main/settings/values.js';
import { AppError } from '../../../../preload/contract/errors.js';
import { noteFigures } from '../../../fixtures/figures.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const secret = 'CANARY';
/** As failures come that quote what a user has. */
const telling = [
  new Error(`ENOENT: no such file, open '/home/${secret}/${secret}.gguf'`),
  Object.assign(new Error(secret), { code: 'SQLITE_FULL' }),
  Object.assign(new Error(secret), { code: `/home/${secret}`, name: `${secret} ${secret}` }),
  new Error(`first\n    at ${secret} (/home/${secret}/${secret}.js:1:1)\n    at last`),
  new Error(secret, { cause: new TypeError(`${secret} hf_${secret}`) }),
  new AppError({ code: 'not-found', message: secret, hint: secret, details: secret }),
  Object.assign(new Error('x'), { stack: `Error: ${secret}\n    at ${secret} (/${secret}/a.js:1:1)` }),
  secret,
  { message: secret },
  null,
];

test('a line of the log names the kind of a failure and its place, and none of its words', () => {
  const error = Object.assign(new Error(`${secret} is full`), { code: 'ENOSPC' });
  error.stack = `Error: ${secret} is full\n    at save (/home/${secret}/app/out/main/index.js:12:34)\n    at async C:\\Users\\${secret}\\app\\database.js:5:6`;
  expect(problemLine('ipc', error, 0)).toBe(
    '1970-01-01T00:00:00.000Z [ipc] Error ENOSPC at save (index.js:12:34) at database.js:5:6',
  );
  for (const thrown of telling) expect(problemLine('ipc', thrown, 0)).not.toContain(secret);
});

test('a report says what program, machine and settings there are, and holds nothing private', () => {
  const log = new Log(folder);
  for (const thrown of telling) log.problem('ipc', thrown);
  const settings = parseSettings({
    ...{
      modelPath: `/home/${secret}/a.gguf`,
      systemPrompt: secret,
      threads: 3,
      hubEndpoint: `https://${secret}`,
    },
    ...{ templates: { [`/${secret}`]: secret }, modelLevels: { [`/${secret}`]: { systemPrompt: secret } } },
    ...{ presetId: secret, personaId: secret, recentCommands: [secret], draftModelPath: `/${secret}` },
  });
  expect(JSON.stringify(settings)).toContain(secret);
  const failed = { code: 'engine-died' as const, message: secret, details: secret };
  const report = reportText({
    versions: { Altiplano: '1.2.3' },
    machine: { system: 'linux x64', memoryGB: 8 },
    status: { state: 'failed', path: `/home/${secret}`, name: secret, error: failed },
    settings,
    problems: log.last(50),
  });
  const leaks = report.split(secret).length - 1;
  noteFigures('report', [
    { what: 'private words in a report of failures that quote them', wanted: 0, got: leaks },
  ]);
  expect(report).not.toContain(secret);
  expect(report).toContain('Altiplano 1.2.3\nsystem linux x64, memoryGB 8\nengine failed, engine-died\n');
  expect(report).toContain('threads 3');
  expect(report).toContain('[ipc] Error SQLITE_FULL at ');
  expect(log.last(50)).toHaveLength(telling.length);
});

test('the log stays within its size, and the latest lines are kept', () => {
  const maxBytes = 5000;
  const log = new Log(folder, maxBytes);
  for (let index = 0; index < 500; index++) log.problem(`part ${index}`, 'x');
  expect(readdirSync(folder).sort()).toEqual(['altiplano.1.log', 'altiplano.log']);
  for (const name of readdirSync(folder))
    expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(maxBytes);
  expect(log.last(1)[0]).toContain('[part 499]');
  expect(log.last(60).map((line) => /part (\d+)/.exec(line)?.[1])).toEqual(
    Array.from({ length: 60 }, (_, index) => String(440 + index)),
  );
  expect(readFileSync(join(folder, 'altiplano.log'), 'utf8')).toMatch(/\n$/);
});

test('a folder that can’t be written costs the line, and nothing else', () => {
  writeFileSync(join(folder, 'file'), '');
  const log = new Log(join(folder, 'file'));
  expect(() => log.problem('ipc', new Error('x'))).not.toThrow();
  expect(log.last(5)).toEqual([]);
});

// Linux has a file on which there is never room.
if (process.platform === 'linux') {
  test('a full disk takes no line, and nothing fails of it', () => {
    const file = join(folder, 'altiplano.log');
    symlinkSync('/dev/full', file);
    const log = new Log(folder);
    log.problem('ipc', new Error('one'));
    rmSync(file);
    log.problem('ipc', new Error('two'));
    expect(log.last(10)).toHaveLength(1);
  });
}

test('a folder that can’t be made takes no line, and nothing fails of it', () => {
  const inTheWay = join(folder, 'a file');
  writeFileSync(inTheWay, '');
  const log = new Log(join(inTheWay, 'logs'));
  expect(() => log.problem('ipc', new Error('one'))).not.toThrow();
  expect(log.last(10)).toEqual([]);
});
