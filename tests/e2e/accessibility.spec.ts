/** For those who read by ear, by keyboard alone, in large letters, in strong contrast, or from right to left. */
import type { Page } from '@playwright/test';
import { violations } from './axe.js';
import { ask, expect, request, runCommand, test } from './fixtures.js';

const message = (page: Page) => page.getByRole('textbox', { name: 'Message' });
const sheet = (page: Page, name: string) => page.getByRole('dialog', { name });

async function send(page: Page, text: string) {
  await message(page).fill(text);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();
}

/** Every sheet that an action opens: its name, and the words by which the palette finds the action. */
const sheets = [
  { name: 'Keyboard', words: 'keyboard help', action: 'Keyboard help' },
  { name: 'Guide', words: 'guide', action: 'Guide' },
  { name: 'Welcome', words: 'welcome', action: 'Welcome' },
  { name: 'Search', words: 'search all', action: 'Search all chats' },
  { name: 'Map of the branches', words: 'map of', action: 'Map of the branches' },
  { name: 'Two branches', words: 'compare two versions', action: 'Compare two versions side by side' },
  { name: 'Trash', words: 'trash', action: 'Trash' },
  { name: 'Prompt templates', words: 'open the prompt templates', action: 'Open the prompt templates' },
  { name: 'Grammars', words: 'open the grammars', action: 'Open the grammars' },
  { name: 'Import chats', words: 'import chats', action: 'Import chats' },
  { name: 'Export', words: 'export this chat', action: 'Export this chat' },
] as const;

/** In the sheet, or nowhere for the moment in which it goes round. */
const focusIsHeld = `document.activeElement === document.body
  || document.querySelector('dialog:modal').contains(document.activeElement)`;

async function openSheet(page: Page, { name, words, action }: (typeof sheets)[number]) {
  await runCommand(page, words, action);
  await expect(sheet(page, name)).toBeVisible();
}

async function closeSheet(page: Page, name: string) {
  await page.keyboard.press('Escape');
  await expect(sheet(page, name)).toHaveCount(0);
}

/** The rules in the light theme, and those on colours in the dark one. */
async function expectSound(page: Page, where: string) {
  await page.emulateMedia({ colorScheme: 'light' });
  expect.soft(await violations(page), `${where}, light`).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect.soft(await violations(page, 'colours'), `${where}, dark`).toEqual([]);
}

test('every page passes the accessibility rules in both themes', async ({ chat: { page } }) => {
  test.slow();
  await send(page, 'show code');
  const main = page.getByRole('tablist', { name: 'Views' });
  for (const tab of await main.getByRole('tab').all()) {
    await tab.click();
    const name = (await tab.textContent()) ?? '';
    await expect(page.locator('#view')).not.toBeEmpty();
    await expectSound(page, name);
    const sections = page.getByRole('tablist', { name: /: sections$/ });
    if ((await sections.count()) === 0) continue;
    for (const section of (await sections.getByRole('tab').all()).slice(1)) {
      await section.click();
      await expectSound(page, `${name}: ${await section.textContent()}`);
    }
  }
  await page.getByRole('tab', { name: 'Chat', exact: true }).click();
  await page.getByRole('button', { name: /template$/ }).click();
  await expect(page.getByRole('region', { name: 'Tokens of the prompt' })).toBeVisible();
  await expectSound(page, 'Template doctor');
});

test('every sheet and dialog passes them too, holds the keys, and gives the focus back', async ({
  chat: { page },
}) => {
  test.slow();
  await send(page, 'dice of llamas');
  await page.getByRole('button', { name: 'Regenerate' }).click();
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();
  await message(page).focus();
  for (const each of sheets) {
    await openSheet(page, each);
    await expectSound(page, each.name);
    // Forward and back: never to what lies behind it.
    for (const key of ['Shift+Tab', 'Shift+Tab', 'Tab', 'Tab', 'Tab']) {
      await page.keyboard.press(key);
      expect(await page.evaluate(focusIsHeld), `${each.name} after ${key}`).toBe(true);
    }
    await closeSheet(page, each.name);
    await expect(message(page), `after ${each.name}`).toBeFocused();
  }
  await page.keyboard.press('Control+k');
  await expect(sheet(page, 'Commands')).toBeVisible();
  await expectSound(page, 'Palette');
  await closeSheet(page, 'Commands');
  await runCommand(page, 'who talks', 'Choose who talks in this chat');
  await expect(sheet(page, 'Who talks in this chat')).toBeVisible();
  await expectSound(page, 'Who talks');
  await closeSheet(page, 'Who talks in this chat');
});

test('a reply is announced when it begins and when it is done, not word by word', async ({
  chat: { page },
}) => {
  await expect(page.getByText('Scripted-7B is ready.')).toBeAttached();
  // All that live regions say from now on, as a screen reader hears it.
  await page.evaluate(`
    globalThis.heard = [];
    const regions = () => document.querySelectorAll('[aria-live=polite], [aria-live=assertive], [role=status], [role=alert]');
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const element = target.nodeType === 1 ? target : target.parentElement;
        const region = element?.closest('[aria-live], [role=status], [role=alert]');
        if (!region || region.getAttribute('aria-live') === 'off') continue;
        const text = region.textContent.trim();
        if (text !== '' && heard.at(-1) !== text) heard.push(text);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });`);
  await message(page).fill('slow 60');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('word60');
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();
  await expect
    .poll(() => page.evaluate<string[]>('heard'))
    .toEqual(['A reply is being written.', 'The reply is done: 60 words.']);
});

test('more contrast, and colours of the system, keep every page sound and the choice visible', async ({
  chat: { page },
}) => {
  await send(page, 'show code');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, contrast: 'more' });
    expect(await violations(page, 'colours'), `more contrast, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ contrast: null, forcedColors: 'active' });
  const outlineOf = (selected: boolean) =>
    page.evaluate<string>(
      `getComputedStyle(document.querySelector('[role=tab][aria-selected=${selected}]')).outlineStyle`,
    );
  expect(await outlineOf(true)).toBe('solid');
  expect(await outlineOf(false)).toBe('none');
});

test('nothing moves where less motion is asked for', async ({ chat: { page } }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate("document.querySelector('main').style.transition = 'opacity 1s'");
  expect(await page.evaluate("getComputedStyle(document.querySelector('main')).transitionDuration")).toBe(
    '0s',
  );
  expect(await page.evaluate('document.getAnimations().length')).toBe(0);
});

test('letters are as large as one sets them, everywhere, and nothing is cut off', async ({
  chat: { app, page },
}) => {
  await send(page, 'show code');
  const size = (selector: string) =>
    page.evaluate<number>(`parseFloat(getComputedStyle(document.querySelector('${selector}')).fontSize)`);
  const before = [await size('.bubble'), await size('[role=tab]'), await size('.stats')];
  await runCommand(page, 'text size', 'Text size');
  const slider = page.getByRole('slider', { name: 'Text size' });
  await expect(slider).toBeFocused();
  await page.keyboard.press('End');
  await expect(slider).toHaveAttribute('aria-valuetext', '160 %');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(800, 600));
  for (const tab of await page.getByRole('tablist', { name: 'Views' }).getByRole('tab').all()) {
    await tab.click();
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect.soft(width, (await tab.textContent()) ?? '').toBeLessThanOrEqual(800);
  }
  await page.getByRole('tab', { name: 'Chat', exact: true }).click();
  const after = [await size('.bubble'), await size('[role=tab]'), await size('.stats')];
  for (const [index, each] of after.entries()) expect(each / before[index]!).toBeCloseTo(1.6, 2);
  await expect(page.getByRole('button', { name: 'Send' })).toBeInViewport();
  await expect.poll(async () => (await ask<{ textSize: number }>(page, 'settings.get')).textSize).toBe(160);
});

test('a text from right to left starts at the right: in the input, in messages and in titles', async ({
  chat: { page },
}) => {
  const direction = (selector: string) =>
    page.evaluate<string>(`getComputedStyle([...document.querySelectorAll('${selector}')].at(-1)).direction`);
  await message(page).fill('مرحبا بالعالم');
  expect(await direction('textarea[data-message]')).toBe('rtl');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article').last()).toContainText('مرحبا');
  expect(await direction('.bubble')).toBe('rtl');
  const [chat] = await ask<{ id: string }[]>(page, 'chats.list');
  await request(page, 'chats.rename', { chatId: chat!.id, title: 'שלום לאמה' });
  await expect(page.getByRole('list', { name: 'Chats' })).toContainText('שלום לאמה');
  expect(await direction('aside .title')).toBe('rtl');
  await message(page).fill('Hello');
  expect(await direction('textarea[data-message]')).toBe('ltr');
});
