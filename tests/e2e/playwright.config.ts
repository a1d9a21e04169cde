import { defineConfig } from '@playwright/test';
import { displays } from './displays.js';

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results',
  // As many at a time as there are displays.
  workers: Math.max(1, displays.length),
  timeout: 60_000,
  expect: { timeout: 15_000 },
  retries: 0,
  forbidOnly: true,
});
