import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Bundles the main process, the engine process and the database thread; native modules stay outside. */
export default defineConfig({
  root: here('.'),
  build: {
    outDir: here('../out/main'),
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    sourcemap: true,
    lib: {
      entry: {
        index: here('index.ts'),
        engine: here('engine/index.ts'),
        database: here('db/worker.ts'),
        maintenance: here('db/maintenance-worker.ts'),
        drill: here('db/drill-writer.ts'),
        search: here('search/worker.ts'),
        downloads: here('models/download/worker.ts'),
        'download-hashes': here('models/download/hash-worker.ts'),
        hashing: here('models/local/hash-worker.ts'),
        attaching: here('attachments/worker.ts'),
        importing: here('exchange/import/worker.ts'),
        exporting: here('exchange/export/worker.ts'),
        backup: here('exchange/backup/worker.ts'),
        forge: here('models/forge/index.ts'),
        chat: here('engine/cli.ts'),
        serve: here('server/cli.ts'),
      },
      formats: ['es'],
    },
    rollupOptions: {
      external: [
        'electron',
        'better-sqlite3',
        'fastify',
        'koffi',
        'node-llama-cpp',
        // CommonJS that asks for Node's own modules: a bundle of ES modules has no `require` for it.
        'undici',
        'yauzl',
        'yaml',
        'yazl',
        ...builtinModules,
        ...builtinModules.map((name) => `node:${name}`),
      ],
    },
  },
  ssr: { noExternal: true },
  resolve: { conditions: ['node'], mainFields: ['module', 'main'] },
});
