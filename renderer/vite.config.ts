import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** KaTeX's style sheet names each font in three formats; this browser reads the smallest. */
const woff2Only: Plugin = {
  name: 'woff2-only',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('katex') && id.endsWith('.css')
      ? code.replace(/,url\([^)]*\.(?:woff|ttf)\) ?format\("[a-z]*"\)/g, '')
      : undefined,
};

export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [woff2Only, svelte()],
  build: {
    outDir: here('../out/renderer'),
    emptyOutDir: true,
    // Small files too: the content security policy takes fonts from the app alone.
    assetsInlineLimit: 0,
    target: 'chrome130',
    modulePreload: { polyfill: false },
  },
});
