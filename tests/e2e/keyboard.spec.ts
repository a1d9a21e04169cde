/** The keyboard, as it is pressed: every default key does its thing, and none does more. */
import type { Page } from '@playwright/test';
import { places } from '../../renderer/lib/places.js';
import { expect, scripted, test } from './fixtures.js';

const message = (page: Page) => page.getByLabel('Message', { exact: true });
const replies = (page: Page) => page.getByRole('article', { name: 'Scripted-7B' });
const isShown = (page: Page, tab: string) =>
  expect(page.getByRole('tab', { name: tab, exact: true })).toHaveAttribute('aria-selected', 'true');

async function say(page: Page, text: string) {
  await message(page).fill(text);
  await page.keyboard.press('Enter');
  await expect(replies(page)).toContainText(`Echo: ${text}`);
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();
}

test('every default key does its thing', async ({ chat: { page } }) => {
  await say(page, 'First chat');
  await page.keyboard.press('Control+n');
  await say(page, 'Second chat');
  const heading = page.getByRole('heading', { level: 1 });

  const bindings: readonly (readonly [keys: string, done: () => Promise<unknown>])[] = [
    ['Control+PageDown', () => expect(heading).toHaveText('First chat')],
    ['Control+PageDown', () => expect(heading).toHaveText('First chat')],
    ['Control+PageUp', () => expect(heading).toHaveText('Second chat')],
    ['Alt+ArrowDown', () => expect(heading).toHaveText('First chat')],
    ['Alt+ArrowUp', () => expect(heading).toHaveText('Second chat')],
    ['Control+b', () => expect(page.getByRole('list', { name: 'Chats' })).toBeHidden()],
    ['Control+b', () => expect(page.getByRole('list', { name: 'Chats' })).toBeVisible()],
    ['Control+2', () => isShown(page, 'Notebook')],
    ['Control+3', () => isShown(page, 'Parameters')],
    ['Control+4', () => isShown(page, 'Models')],
    ['Control+5', () => isShown(page, 'Compare')],
    ['Control+6', () => isShown(page, 'Settings')],
    ['Control+1', () => isShown(page, 'Chat')],
    ['Control+,', () => isShown(page, 'Settings')],
    ['?', () => expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible()],
    ['F1', () => expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeHidden()],
    ['F1', () => expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible()],
    ['Escape', () => expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeHidden()],
    ['Shift+Escape', () => expect(message(page)).toBeFocused()],
    ['Control+l', () => expect(page.getByLabel('Model', { exact: true })).toBeFocused()],
    ['Escape', () => expect(page.getByLabel('Model', { exact: true })).toBeFocused()],
    ['Shift+Escape', () => expect(message(page)).toBeFocused()],
    ['Control+Enter', () => expect(page.getByText('2/2')).toBeVisible()],
    ['ArrowRight', () => expect(page.getByText('2/2')).toBeVisible()],
    ['ArrowLeft', () => expect(page.getByText('1/2')).toBeVisible()],
    ['ArrowLeft', () => expect(page.getByText('1/2')).toBeVisible()],
    ['ArrowRight', () => expect(page.getByText('2/2')).toBeVisible()],
    ['Alt+Enter', () => expect(replies(page)).toContainText('and so on.')],
    ['Control+Shift+C', () => expect(page.getByText('The last reply is in the clipboard.')).toBeVisible()],
    ['Control+Shift+D', () => expect(heading).toHaveText('First chat')],
  ];
  for (const [keys, done] of bindings) {
    await test.step(keys, async () => {
      await page.keyboard.press(keys);
      await done();
      await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeHidden();
    });
  }
});

test('keys are changed, conflicts are told, and the choice outlives a restart', async ({ launch }) => {
  const first = await launch.open(scripted(launch.home));
  const { page } = first;
  await page.keyboard.press('F1');
  await page.getByRole('button', { name: 'Change keys…' }).click();
  const section = page.locator('#keyboard');
  const change = (label: string) => section.getByRole('button', { name: `Change the keys of ${label}` });
  const row = (label: string) =>
    section.getByRole('listitem').filter({ hasText: new RegExp(`^\\s*${label}`) });

  await change('Notebook').click();
  await page.keyboard.press('a');
  await expect(row('Notebook')).toContainText('A types a character.');
  await page.keyboard.press('Control+c');
  await expect(row('Notebook')).toContainText('Ctrl+C copies text.');
  await page.keyboard.press('Control+3');
  await expect(row('Notebook')).toContainText('Ctrl+3 now belongs to “Parameters”.');
  await page.keyboard.press('Enter');
  await expect(row('Parameters')).toContainText('no keys');

  await section.getByRole('button', { name: 'Take the keys from Compare', exact: true }).click();
  await change('Models').click();
  await page.keyboard.press('Escape');
  await expect(row('Models')).toContainText('Ctrl4');
  await launch.close(first);

  const { page: again } = await launch.open(scripted(launch.home));
  await again.keyboard.press('Control+5');
  await isShown(again, 'Chat');
  await again.keyboard.press('Control+3');
  await isShown(again, 'Notebook');
  await again.keyboard.press('F1');
  await expect(again.getByRole('listitem').filter({ hasText: /^\s*Notebook/ })).toContainText('Ctrl3');
  await again.getByRole('button', { name: 'Change keys…' }).click();
  await again.getByRole('button', { name: 'Reset all', exact: true }).click();
  await again.keyboard.press('Control+3');
  await isShown(again, 'Parameters');
});

test('the palette runs actions, opens chats, leads to settings, and has what was used last first', async ({
  chat: { page },
}) => {
  await say(page, 'All about alpacas');
  await page.keyboard.press('Control+n');
  await say(page, 'Vicuña wool');
  const find = page.getByRole('combobox', { name: 'Search actions, chats, models and settings' });
  const list = page.getByRole('listbox', { name: 'Commands' });
  const chosen = list.getByRole('option', { selected: true });
  const pick = async (words: string, what: string) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type(words);
    await expect(chosen).toContainText(what);
    await page.keyboard.press('Enter');
    await expect(find).toBeHidden();
  };

  await pick('alpacas', 'All about alpacas');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('All about alpacas');
  await pick('vicuna', 'Vicuña wool');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Vicuña wool');
  await pick('noteb', 'Notebook');
  await isShown(page, 'Notebook');

  await page.keyboard.press('Control+Shift+P');
  await expect(chosen).toContainText('Notebook');
  await expect(page.getByRole('option', { name: 'Stop the reply' })).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await expect(chosen).toContainText('Vicuña wool');
  await page.keyboard.press('F1');
  await expect(find).toBeHidden();
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('no zebra at all');
  await expect(page.getByText('Nothing has these words.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(find).toBeHidden();

  for (const label of ['Keyboard: change the keys', 'Data folder', 'System prompt', 'sampler_priority']) {
    const { tab, anchor } = places.find((place) => place.label === label)!;
    await page.keyboard.press('Control+1');
    await pick(label, label);
    await isShown(page, tab);
    await expect(page.locator(`#${anchor}`), anchor).toBeInViewport();
    // All places of a view are there, not only those that were gone to.
    for (const other of places.filter((place) => place.tab === tab)) {
      await expect(page.locator(`#${other.anchor}`), other.label).toBeAttached();
    }
  }
});

test('keys pressed faster than the window draws reach the sheet that they open', async ({
  chat: { page },
}) => {
  const find = page.getByRole('combobox', { name: 'Search actions, chats, models and settings' });
  const press = async (...keys: string[]) => {
    await Promise.all(keys.map((each) => page.keyboard.press(each)));
  };
  // A sheet that goes, and one that comes: another kind, and the same kind.
  for (const first of ['F1', 'Control+Shift+F', 'Control+k']) {
    for (let round = 0; round < 5; round++) {
      await page.keyboard.press(first);
      await expect(page.getByRole('dialog')).toBeVisible();
      await press('Escape', 'Control+k');
      await expect(find, `after ${first}`).toBeFocused();
      await press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }
  }
});
