/** The app in other languages: chosen by the user, or taken from the system. */
import { languages } from '../../preload/contract/language.js';
import { ask, expect, scripted, test } from './fixtures.js';

test('a language is chosen in the settings, holds everywhere at once, and outlives a restart', async ({
  launch,
}) => {
  const opened = await launch.open(scripted(launch.home));
  const { page, app } = opened;
  await page.keyboard.press('Control+6');
  await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
  // The page starts again, and is where it was.
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.getByRole('heading', { name: 'Einstellungen', level: 1 })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Sprache' })).toHaveValue('de');
  await expect(page.getByRole('combobox', { name: 'Sprache' })).toBeFocused();
  // Main speaks it too: in its menus, and in what it refuses.
  const menus = await app.evaluate(({ Menu }) =>
    Menu.getApplicationMenu()!.items.map(({ label, submenu }) => [
      label,
      ...(submenu?.items.map((item) => item.label) ?? []),
    ]),
  );
  expect(menus.flat()).toContain('Chats importieren …');
  await launch.close(opened);

  const again = await launch.open(scripted(launch.home));
  await expect(again.page.getByRole('tab', { name: 'Einstellungen' })).toBeVisible();
});

test('without a choice it speaks as the system does', async ({ launch }) => {
  const { page } = await launch.open({
    ...scripted(launch.home),
    LANGUAGE: 'fr',
    LC_ALL: 'fr_FR.UTF-8',
  });
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  await expect(page.getByRole('tab', { name: 'Paramètres' })).toBeVisible();
});

test('no view is too narrow for the words of any language', async ({ launch }) => {
  const { page } = await launch.open(scripted(launch.home));
  for (const language of languages) {
    await ask(page, 'app.speak', { language });
    await expect(page.locator(`html[lang=${language}][data-ready]`)).toBeAttached();
    const tabs = page.getByRole('navigation').getByRole('tab');
    for (let index = 0; index < (await tabs.count()); index++) {
      await tabs.nth(index).click();
      await expect(page.locator('#view > *').first()).toBeVisible();
      expect(await page.evaluate(tooWide), `${language}, view ${index + 1}`).toEqual([]);
    }
  }
});

/** What sticks out of the box that it lies in, and of the window: buttons, fields, headings and words. */
const tooWide = `[...document.querySelectorAll('aside > *, header, header > *, #view *')]
  .filter((element) => {
    const { overflowX, display } = getComputedStyle(element);
    return overflowX === 'visible' && !display.startsWith('inline') && display !== 'contents'
      && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
  })
  .map((element) => element.tagName + ': ' + element.textContent.trim().slice(0, 60))`;
