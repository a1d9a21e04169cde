import { defineConfig } from '@playwright/test';
import { displays } from './displays.js';

export default defineConfig({
  testDir: '.',
  // What needs a disk of its own is run by the bench of trust, which makes one.
  testMatch: process.env['ALTIPLANO_TEST_DISK'] === undefined ? '*.spec.ts' : 'full-disk.ts',
  outputDir: '../../test-results',
  // As many at a time as there are displays.
  workers: Math.max(1, displays.length),
  // Of no meaning but that a test which hangs ends: two share the machine, and it may have other work.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  retries: 0,
  forbidOnly: true,
});
