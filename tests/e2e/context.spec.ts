/** What leaves a full context is told before sending, shown in the conversation and decided by the user. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { violations } from './axe.js';
import { expect, scripted, test, type Opened } from './fixtures.js';

/** The scripted engine counts words: 48 for the prompt, 16 for the reply. */
const contextSize = 64;
const words = (name: string, count = 10) => Array.from({ length: count }, (_, i) => `${name}${i}`).join(' ');

const input = (page: Page) => page.getByRole('textbox', { name: 'Message' });
const send = (page: Page) => page.getByRole('button', { name: 'Send' });
const gauge = (page: Page) => page.getByRole('button', { name: /^Prompt/ });
const article = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text }).first();
const leftOut = (page: Page) =>
  page.getByRole('article').filter({ hasText: 'Left out: the context is full' });

async function say(page: Page, text: string) {
  await input(page).fill(text);
  await send(page).click();
  await expect(page.getByRole('article').last()).toContainText('tok/s · first token');
}

async function choose(page: Page, policy: string) {
  await gauge(page).click();
  await page.getByRole('radio', { name: policy, exact: true }).check();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Context of this chat' })).toBeHidden();
}

const small = test.extend<{ opened: Opened }>({
  opened: async ({ launch }, use) => {
    writeFileSync(join(launch.home, 'settings.json'), JSON.stringify({ contextSize }));
    await use(await launch.open(scripted(launch.home)));
  },
});

small(
  'oldest turns leave, told before sending, and the gauge counts the draft',
  async ({ opened: { page } }) => {
    await expect(gauge(page)).toHaveText('Prompt 0 of 64');
    await say(page, words('a'));
    await say(page, words('b'));
    await expect(gauge(page)).toHaveText('Prompt 42 of 64');
    await expect(leftOut(page)).toHaveCount(0);
    await input(page).fill(words('c'));
    await expect(page.getByRole('status')).toContainText('2 older messages will be left out.');
    await expect(leftOut(page)).toHaveCount(2);
    await expect(article(page, 'a0')).toContainText('Left out: the context is full');
    await expect(page.getByRole('log')).toContainText('From here on, the model sees the conversation.');
    await expect(gauge(page)).toHaveText('Prompt 31 of 64');
    await input(page).fill('short');
    await expect(leftOut(page)).toHaveCount(0);
    await say(page, words('c'));
    // What was told is what was sent.
    await expect(page.getByRole('article').last()).toContainText(
      '2 older messages did not fit in the context and were not sent.',
    );
  },
);

small('a pinned turn stays while it fits; one left out by hand is out', async ({ opened: { page } }) => {
  for (const name of ['a', 'b']) await say(page, words(name));
  await input(page).fill(words('c'));
  await expect(leftOut(page)).toHaveCount(2);
  await article(page, 'a0').getByRole('button', { name: 'Pin' }).click();
  await expect(page.getByText('This chat now keeps pinned turns')).toBeVisible();
  await expect(article(page, 'a0')).toContainText('Pinned');
  await expect(article(page, 'b0')).toContainText('Left out: the context is full');
  await article(page, 'a0').getByRole('button', { name: 'Leave out' }).click();
  await expect(article(page, 'a0')).toContainText('Left out by you');
  await expect(leftOut(page)).toHaveCount(0);
  await article(page, 'a0').getByRole('button', { name: 'Put back' }).click();
  await expect(leftOut(page)).toHaveCount(2);
});

small(
  'a chat that stops refuses before anything is saved, and the draft stays',
  async ({ opened: { page } }) => {
    for (const name of ['a', 'b']) await say(page, words(name));
    await choose(page, 'Do not send, and tell me');
    await input(page).fill(words('c'));
    await expect(page.getByRole('status')).toContainText(
      'This conversation is 4 tokens too long for the context.',
    );
    await expect(send(page)).toBeDisabled();
    await page.keyboard.press('Enter');
    await expect(input(page)).toHaveValue(words('c'));
    await expect(page.getByRole('article')).toHaveCount(4);
    await input(page).fill(words('c', 6));
    await expect(send(page)).toBeEnabled();
    // Also when the plan has not come yet, main refuses, and the draft comes back.
    await input(page).fill(words('c', 11));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alert').or(page.getByRole('status'))).toContainText(['5 tokens too long']);
    await expect(input(page)).toHaveValue(words('c', 11));
    await expect(page.getByRole('article')).toHaveCount(4);
    await choose(page, 'Leave out the oldest turns');
    await expect(send(page)).toBeEnabled();
  },
);

for (const theme of ['light', 'dark'] as const) {
  small(`what is left out can still be read in the ${theme} theme`, async ({ opened: { page } }) => {
    await page.emulateMedia({ colorScheme: theme });
    for (const name of ['a', 'b']) await say(page, words(name));
    await page.getByRole('button', { name: 'Start reply with…' }).click();
    await input(page).fill(words('c'));
    await expect(leftOut(page)).toHaveCount(2);
    await gauge(page).click();
    expect(await violations(page)).toEqual([]);
  });
}

small('Escape closes the context, and does not stop the reply', async ({ opened: { page } }) => {
  await input(page).fill('slow 200');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('word3');
  await gauge(page).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Context of this chat' })).toBeHidden();
  await expect(page.getByRole('log')).toContainText('word30');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('log')).toContainText('Stopped.');
});

small('a message that alone is too long can’t be sent', async ({ opened: { page } }) => {
  await input(page).fill(words('x', 60));
  await expect(page.getByRole('status')).toContainText('This message is 12 tokens too long for the context.');
  await expect(send(page)).toBeDisabled();
});

small(
  'the reserve follows max_new_tokens; a larger context brings everything back',
  async ({ opened: { page } }) => {
    for (const name of ['a', 'b']) await say(page, words(name));
    await input(page).fill(words('c', 7));
    await expect(leftOut(page)).toHaveCount(2);
    await gauge(page).click();
    const card = page.getByRole('dialog', { name: 'Context of this chat' });
    await expect(card).toContainText('Kept free for the reply 16 tokens');
    await card.getByRole('button', { name: 'Larger context…' }).click();
    await page.getByRole('spinbutton', { name: 'max_new_tokens' }).fill('5');
    await page.keyboard.press('Tab');
    await page.getByRole('tab', { name: 'Chat' }).click();
    await expect(leftOut(page)).toHaveCount(0);
    await gauge(page).click();
    await expect(card).toContainText('Kept free for the reply 5 tokens');
  },
);

test('without a model nothing is said of the context', async ({ launch }) => {
  const { page } = await launch.open({ ALTIPLANO_STARTER_MODEL: '' });
  await input(page).fill('anyone there?');
  await expect(page.getByRole('heading', { name: 'Altiplano needs a model' })).toBeVisible();
  await expect(gauge(page)).toHaveCount(0);
});

test('the plan comes while a reply is written', async ({ chat: { page } }) => {
  await input(page).fill('slow 300');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log')).toContainText('word3');
  await input(page).fill(words('c', 2000));
  await expect(page.getByRole('status').filter({ hasText: 'too long' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
});

test('start reply with: the reply begins so, versions stay, and the chat remembers it', async ({
  launch,
}) => {
  const first = await launch.open(scripted(launch.home));
  const { page } = first;
  const start = page.getByRole('textbox', { name: 'Start reply with' });
  const reply = page.getByRole('article', { name: 'Scripted-7B' });
  await page.getByRole('button', { name: 'Start reply with…' }).click();
  await start.fill('Well,');
  await input(page).fill('who spits?');
  await page.keyboard.press('Enter');
  await expect(reply).toContainText('Well, and so on.');
  await page.getByRole('button', { name: 'Regenerate' }).click();
  await expect(reply).toContainText('2/2');
  await expect(reply).toContainText('Well, and so on.');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(reply).toContainText('Well, and so on. and so on.');
  // What was written last is kept, however soon the window closes.
  await start.fill('Well then,');
  await launch.close(first);

  const again = await launch.open(scripted(launch.home));
  const kept = again.page.getByRole('textbox', { name: 'Start reply with' });
  await expect(kept).toHaveValue('Well then,');
  await again.page.getByRole('button', { name: 'New chat' }).click();
  await expect(kept).toHaveCount(0);
  await again.page
    .getByRole('list', { name: 'Chats' })
    .getByRole('button', { name: 'who spits?' })
    .first()
    .click();
  await again.page.getByRole('button', { name: 'Remove the start of the reply' }).click();
  await input(again.page).fill('hello');
  await again.page.keyboard.press('Enter');
  await expect(again.page.getByRole('log')).toContainText('Echo: hello');
});
