/** Owns the list of static checks. */
import { inProject } from './paths.mjs';

const bin = (name, file) => inProject('node_modules', name, file);

/** Each runs by this Node and fails by its exit code. */
export const checks = [
  { name: 'types', args: [bin('typescript', 'bin/tsc'), '-p', 'tsconfig.json'] },
  { name: 'types of the preload', args: [bin('typescript', 'bin/tsc'), '-p', 'preload/tsconfig.json'] },
  {
    name: 'types of the page',
    args: [
      bin('svelte-check', 'bin/svelte-check'),
      '--tsconfig',
      'renderer/tsconfig.json',
      '--fail-on-warnings',
    ],
  },
  {
    name: 'lint',
    args: [bin('eslint', 'bin/eslint.js'), '-c', 'tests/lint/eslint.config.js', '--max-warnings', '0', '.'],
  },
  { name: 'format', args: [bin('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'] },
  { name: 'licences', args: [inProject('scripts', 'licences.mjs')] },
  { name: 'catalogues of texts', args: [inProject('scripts', 'texts.mjs'), '--check'] },
  { name: 'unused code', args: [bin('knip', 'bin/knip.js')] },
];
