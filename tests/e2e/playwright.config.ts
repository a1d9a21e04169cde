import { defineConfig } from '@playwright/test';
import { displays } from './displays.js';

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  // As many at a time as there are displays.
  workers: Math.max(1, displays.length),
  // Of no meaning but that a test which hangs ends: two share the machine, and it may have other work.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  retries: 0,
  forbidOnly: true,
});
