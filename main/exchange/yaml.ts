/**
 * Owns YAML as other programs write and read it: one set of rules for all of it, loaded when the first file comes, not at
 * the start of the app. Never what a file means.
 */
import { t } from '../../preload/contract/language.js';
import { createRequire } from 'node:module';

type Yaml = typeof import('yaml');
type Parsed = ReturnType<Yaml['parseDocument']>;

let loaded: Yaml | undefined;

/** The library; loading it takes as long as a twentieth of the start. */
export const yaml = (): Yaml => (loaded ??= createRequire(import.meta.url)('yaml') as Yaml);

/** @returns the document, or in a sentence why it is none */
export function parseYaml(text: string): Parsed | string {
  const document = yaml().parseDocument(text, { schema: 'core', uniqueKeys: true, customTags: [] });
  const [error] = document.errors;
  return error === undefined
    ? document
    : t('It is no YAML: {problem}', { problem: error.message.split('\n', 1)[0]! });
}
