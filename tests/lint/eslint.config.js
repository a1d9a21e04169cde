/** Owns the rules of the code: strict types, and the borders between the rooms. */
import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import looseText from './no-loose-text.js';

const restrict = (patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export default ts.config(
  { ignores: ['**/out/', '**/dist/', '**/node_modules/', '**/*.d.ts', 'test-results/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // noUncheckedIndexedAccess makes every index suspect; where the code knows better it says so by `!`.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file itself.' },
      ],
    },
  },
  {
    files: ['main/**/*.ts', 'preload/**/*.ts', 'tests/**/*.ts'],
    ignores: ['tests/unit/renderer/**', '**/vite.config.ts', 'tests/**/*.config.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: { 'svelte/no-at-html-tags': 'error' },
  },
  {
    files: ['renderer/**/*.ts', 'renderer/**/*.svelte', 'main/**/*.ts', 'preload/**/*.ts'],
    // What programs and developers read stays in English: migrations, logs, the API, the command line.
    ignores: ['**/vite.config.ts', 'main/db/migrations/**', 'main/log/**', 'main/server/**', '**/cli.ts'],
    plugins: { altiplano: { rules: { 'no-loose-text': looseText } } },
    rules: { 'altiplano/no-loose-text': 'error' },
  },
  {
    files: ['renderer/**/*.ts', 'renderer/**/*.svelte'],
    ignores: ['renderer/vite.config.ts'],
    rules: restrict([
      {
        group: ['electron', 'node:*', '**/main/**', 'zod'],
        message: 'The page reaches the machine only through services/api.',
      },
    ]),
  },
  {
    files: ['preload/contract/**/*.ts'],
    rules: restrict([
      {
        group: ['electron', 'node:*', '**/main/**', '**/renderer/**'],
        message: 'The contract stands alone.',
      },
    ]),
  },
  {
    files: ['main/**/*.ts'],
    ignores: ['main/ipc/router.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'electron',
              importNames: ['ipcMain'],
              message: 'Only ipc/router.ts listens to the page.',
            },
          ],
          patterns: [{ group: ['**/renderer/**'], message: 'Main knows nothing of the page.' }],
        },
      ],
    },
  },
);
