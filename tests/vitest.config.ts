import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

export default defineConfig({
  root,
  test: {
    // All cores: by default one of them is left to a person who waits.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'node',
          root,
          include: ['tests/unit/{main,preload,scripts}/**/*.test.ts'],
          testTimeout: 60_000,
          // Style sheets are text that exported pages carry.
          css: true,
        },
      },
      {
        plugins: [svelte()],
        resolve: { conditions: ['browser'] },
        test: {
          name: 'page',
          root,
          include: ['tests/unit/renderer/**/*.test.ts'],
          environment: 'happy-dom',
        },
      },
    ],
  },
});
