/** What is said of the packages: their licences, and their known weaknesses. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
// @ts-expect-error -- a script that runs before anything is compiled
import { auditOutcome } from '../../../scripts/lib/audit.mjs';
// @ts-expect-error -- a script that runs before anything is compiled
import { licenceProblems } from '../../../scripts/lib/licences.mjs';

const lockOf = (packages: Record<string, { license?: string; dev?: boolean }>) => ({ packages });

test('the packages of this app have licences that allow what is done with them', () => {
  expect(licenceProblems(JSON.parse(readFileSync('package-lock.json', 'utf8')))).toEqual([]);
});

test('a licence that does not allow it, and none, are named', () => {
  const problems: unknown = licenceProblems(
    lockOf({
      '': {},
      'node_modules/good': { license: '(GPL-3.0 OR MIT)' },
      'node_modules/a/node_modules/bad': { license: 'GPL-3.0' },
      'node_modules/both': { license: 'MIT AND GPL-3.0' },
      'node_modules/silent': {},
      'node_modules/shipped': { license: 'MPL-2.0' },
      'node_modules/tool': { license: 'MPL-2.0', dev: true },
    }),
  );
  expect(problems).toEqual([
    'bad has the licence GPL-3.0',
    'both has the licence MIT AND GPL-3.0',
    'silent names no licence',
    'shipped has the licence MPL-2.0',
  ]);
});

test('an audit fails for what is high, and where it can’t be asked it says so', () => {
  const counts = { critical: 0, high: 1, moderate: 2, low: 0 };
  const answer = (vulnerabilities: object) => JSON.stringify({ metadata: { vulnerabilities } });
  expect(auditOutcome(answer(counts))).toEqual({
    text: 'Known weaknesses: 0 critical, 1 high, 2 moderate, 0 low.',
    failed: true,
  });
  expect(auditOutcome(answer({ ...counts, high: 0 }))).toMatchObject({ failed: false });
  for (const silence of ['', '{"message":"405 Method Not Allowed"}', null])
    expect(auditOutcome(silence)).toEqual({
      text: 'Not audited: the registry does not answer audits from here.',
      failed: false,
    });
});
