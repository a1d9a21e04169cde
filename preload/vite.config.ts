import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A sandboxed preload must be a single CommonJS file. */
export default defineConfig({
  root: here('.'),
  build: {
    outDir: here('../out/preload'),
    emptyOutDir: true,
    target: 'chrome130',
    minify: false,
    lib: { entry: here('index.ts'), formats: ['cjs'], fileName: () => 'index.cjs' },
    rollupOptions: { external: ['electron'] },
  },
});
