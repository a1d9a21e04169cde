/** The app in other languages: chosen by the user, or taken from the system. */
import { expect, scripted, test } from './fixtures.js';

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
