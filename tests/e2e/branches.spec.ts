/** The map of a chat's branches, as a user goes through it by keys and mouse. */
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { openDatabase } from '../../main/db/open.js';
import { makeQueries } from '../../main/db/queries.js';
import { violations } from './axe.js';
import { expect, runCommand, scripted, test } from './fixtures.js';

const map = (page: Page) => page.getByRole('dialog', { name: 'Map of the branches' });
const nodes = (page: Page) => map(page).getByRole('tree', { name: 'Branches' }).getByRole('treeitem');
const chosen = (page: Page) => map(page).getByRole('treeitem', { selected: true });
const log = (page: Page) => page.getByRole('log', { name: 'Conversation' });
const done = (page: Page) => expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();

test('shows versions and where they lead, and goes there by keys and by mouse', async ({
  chat: { page },
}) => {
  await page.getByRole('textbox', { name: 'Message' }).fill('dice of llamas');
  await page.keyboard.press('Enter');
  await done(page);
  for (const roll of [2, 3]) {
    await page.getByRole('button', { name: 'Regenerate' }).click();
    await expect(log(page)).toContainText(`You rolled ${roll}.`);
    await done(page);
  }
  await page.getByRole('textbox', { name: 'Message' }).fill('And now?');
  await page.keyboard.press('Enter');
  await expect(log(page)).toContainText('Echo: And now?');
  await done(page);

  await page.keyboard.press('Control+Shift+B');
  await expect(nodes(page)).toHaveCount(4);
  await expect(map(page).getByRole('status')).toHaveText('6 messages, 3 branches');
  await expect(chosen(page)).toContainText('You rolled 3.');
  await expect(chosen(page)).toContainText('3/3 · 3 messages');
  await expect(chosen(page)).toHaveAttribute('aria-current', 'true');
  expect(await violations(page)).toEqual([]);

  await page.keyboard.press('ArrowUp');
  await expect(chosen(page)).toContainText('dice of llamas');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(chosen(page)).toContainText('You rolled 1.');
  await expect(map(page).getByRole('region', { name: 'Chosen branch' })).toContainText('You rolled 1.');
  await page.keyboard.press('Enter');
  await expect(map(page)).toBeHidden();
  await expect(log(page)).toContainText('You rolled 1.');
  await expect(log(page)).not.toContainText('And now?');

  await page.getByRole('button', { name: 'More for this message' }).last().click();
  await page.getByRole('menuitem', { name: 'Map of the branches' }).click();
  await expect(chosen(page)).toContainText('You rolled 1.');
  await nodes(page).filter({ hasText: 'You rolled 3.' }).click();
  await map(page).getByRole('button', { name: 'Go to its end' }).click();
  await expect(log(page)).toContainText('Echo: And now?');

  await runCommand(page, 'map of', 'Map of the branches');
  await expect(map(page).getByRole('tree')).toBeFocused();
  await page.keyboard.press('-');
  await expect(map(page)).toContainText('75 %');
  await nodes(page).filter({ hasText: 'You rolled 2.' }).dblclick();
  await expect(log(page)).toContainText('You rolled 2.');
});

test('of 2,500 choices in a row few nodes are drawn, wherever one goes', async ({ launch }) => {
  const db = openDatabase(join(launch.home, 'altiplano.db'));
  const queries = makeQueries(db);
  const chatId = queries.createChat().id;
  queries.renameChat(chatId, 'Many choices');
  db.transaction(() => {
    let parentId: string | null = null;
    for (let at = 0; at < 2500; at++) {
      queries.addMessage({ chatId, parentId, role: 'user', text: `Other ${at}`, model: null });
      parentId = queries.addMessage({ chatId, parentId, role: 'user', text: `Choice ${at}`, model: null }).id;
    }
  })();
  db.close();
  const { page } = await launch.open(scripted(launch.home));
  await page.getByRole('list', { name: 'Chats' }).getByText('Many choices').click();
  await expect(log(page)).toContainText('Choice 2499');
  await page.keyboard.press('Control+Shift+B');
  await expect(map(page).getByRole('status')).toHaveText('5,000 messages, 2,501 branches');
  await expect(chosen(page)).toContainText('Choice 2499');
  await expect(chosen(page)).toBeInViewport();
  await page.keyboard.press('Home');
  await expect(chosen(page)).toContainText('Choice 0');
  await expect(chosen(page)).toBeInViewport();
  expect(await nodes(page).count()).toBeLessThan(100);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(log(page)).toContainText('Other 0');
});

test('two branches stand side by side, from where they part, with the words that differ', async ({
  chat: { page },
}) => {
  const comparison = page.getByRole('dialog', { name: 'Two branches' });
  const cells = (name: string) => comparison.getByRole('group', { name });
  await page.getByRole('textbox', { name: 'Message' }).fill('dice of llamas');
  await page.keyboard.press('Enter');
  await done(page);
  await page.getByRole('textbox', { name: 'Message' }).fill('And now?');
  await page.keyboard.press('Enter');
  await expect(log(page)).toContainText('Echo: And now?');
  await done(page);
  await page.getByRole('button', { name: 'More for this message' }).nth(1).click();
  await page.getByRole('menuitem', { name: 'Regenerate from here' }).click();
  await expect(log(page)).toContainText('You rolled 2.');
  await done(page);

  await page.getByRole('button', { name: 'More for this message' }).last().click();
  await page.getByRole('menuitem', { name: 'Compare with another version' }).click();
  await expect(comparison.getByRole('status')).toHaveText('The first message is the same.');
  await expect(cells('Left branch').first()).toContainText('You rolled 2.');
  await expect(cells('Left branch').first().locator('mark')).toHaveText('2');
  await expect(cells('Right branch').first().locator('mark')).toHaveText('1');
  await expect(cells('Right branch')).toHaveText([/You rolled 1\./, /And now\?/, /Echo: And now\?/]);
  expect(await violations(page)).toEqual([]);
  await comparison.getByRole('button', { name: 'Show it' }).last().click();
  await expect(comparison).toBeHidden();
  await expect(log(page)).toContainText('Echo: And now?');

  // From the map, and from the palette.
  await page.keyboard.press('Control+Shift+B');
  await expect(chosen(page)).toContainText('You rolled 1.');
  await expect(map(page).getByRole('tree')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(chosen(page)).toContainText('You rolled 2.');
  await page.keyboard.press('c');
  await expect(cells('Right branch').first()).toContainText('You rolled 2.');
  await comparison.getByRole('combobox', { name: 'Right branch' }).selectOption({ index: 0 });
  await expect(comparison.locator('mark')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(comparison).toBeHidden();
  await runCommand(page, 'compare two versions', 'Compare two versions side by side');
  await expect(cells('Left branch').first()).toContainText('You rolled 1.');
});
