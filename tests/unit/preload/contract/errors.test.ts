import { expect, test } from 'vitest';
import { AppError } from '../../../../preload/contract/errors.js';

test.each([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['SQLITE_FULL', 'disk-full'],
  ['EROFS', 'folder-unusable'],
  ['EACCES', 'folder-unusable'],
  ['SQLITE_READONLY', 'folder-unusable'],
  ['SQLITE_CANTOPEN', 'folder-unusable'],
  ['EWHATEVER', 'unexpected'],
])('where the disk takes no change (%s) that is said in words', (code, said) => {
  const error = AppError.from(Object.assign(new Error('write'), { code }));
  expect(error.code).toBe(said);
  if (said !== 'unexpected') expect(error.hint).toContain('Everything saved before is still there.');
});
