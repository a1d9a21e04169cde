/** Owns asking axe for what assistive technology can't read of the page as it is. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Finding = { readonly id: string; readonly nodes: readonly { readonly html: string }[] };
type AxeWindow = { axe: { run(options: object): Promise<{ violations: Finding[] }> } };

/**
 * Each broken rule with the first element that breaks it.
 * @param which all rules, or those that depend on the colours alone
 */
export async function violations(page: Page, which: 'all' | 'colours' = 'all'): Promise<string[]> {
  await page.evaluate(axe);
  const options = which === 'all' ? {} : { runOnly: ['color-contrast', 'link-in-text-block'] };
  const found = await page.evaluate(
    async (asked) => (await (globalThis as unknown as AxeWindow).axe.run(asked)).violations,
    options,
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
}
