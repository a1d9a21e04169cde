/** What a reply may draw, and what it may not. */
import { join } from 'node:path';
import { openDatabase } from '../../main/db/open.js';
import { makeQueries } from '../../main/db/queries.js';
import { expect, scripted, test } from './fixtures.js';

/** A red point. */
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

const reply = `<think>
First a thought.

Then another one.
</think>

Euler found $e^{i\\pi} + 1 = 0$; a ticket costs $5 or $6.

$$\\int_0^1 x^2\\,dx = \\tfrac{1}{3}$$

Broken: $\\frac{$.

| Animal | Weight |
|:--|--:|
| Llama | 150 kg |

<img src=x onerror="document.title='run'"> and <b>raw</b>

![A llama](https://example.org/llama.png) [bad](javascript:alert(1))

![A point](data:image/png;base64,${png}) ![Drawn](data:image/svg+xml;base64,PHN2Zy8+) ![Mine](/etc/llama.png)

هذا نص عربي مع كلمة llama.
`;

test('math, tables and thinking are drawn; raw HTML and what would be loaded are not', async ({ launch }) => {
  const db = openDatabase(join(launch.home, 'altiplano.db'));
  const queries = makeQueries(db);
  const { id: chatId } = queries.createChat();
  const text = 'Look:\n```js\nlet  a = 1;\n```';
  const asked = queries.addMessage({ chatId, parentId: null, role: 'user', text, model: null });
  queries.addMessage({ chatId, parentId: asked.id, role: 'assistant', text: reply, model: 'Scripted-7B' });
  const long = `${'A line of a very long reply.\n\n'.repeat(35_000)}The end.`;
  const more = queries.addMessage({
    chatId,
    parentId: asked.id,
    role: 'assistant',
    text: long,
    model: 'Long',
  });
  queries.selectVersion(queries.openThread(chatId).messages[1]!.versionIds[0]!);
  db.close();
  const { app, page } = await launch.open(scripted(launch.home));
  const article = page.getByRole('article', { name: 'Scripted-7B' });

  await expect(article.locator('.katex-display')).toHaveText(/∫/);
  await expect(article.locator('.katex math')).toHaveCount(2);
  await expect(article).toContainText('a ticket costs $5 or $6.');
  await expect(article.getByText('$\\frac{$')).toBeVisible();
  await expect(article.getByRole('cell', { name: '150 kg' })).toBeVisible();
  await expect(article).toContainText('<b>raw</b>');
  await expect(article.locator('img:not([alt="A point"]), b, a[href]')).toHaveCount(0);
  const point = article.getByRole('img', { name: 'A point' });
  await expect
    .poll(() => point.evaluate((image) => (image as never as { naturalWidth: number }).naturalWidth))
    .toBe(1);
  await expect(article).toContainText(
    'Image: A llama (example.org) not loaded: its server would learn of you',
  );
  await expect(article).toContainText(
    'Image: Drawn not shown: only small PNG, JPEG, GIF and WebP pictures are',
  );
  await expect(article).toContainText('Image: Mine not loaded: texts reach no files');
  await expect(article.getByRole('button', { name: 'Image: A llama (example.org)' })).toBeVisible();
  expect(await page.title()).not.toBe('run');
  const direction = (words: string) =>
    article
      .getByText(words)
      .evaluate((element) => element.ownerDocument.defaultView!.getComputedStyle(element).direction);
  expect([await direction('هذا نص'), await direction('Euler')]).toEqual(['rtl', 'ltr']);
  await expect(page.getByRole('article', { name: 'You' }).locator('pre')).toHaveText('let  a = 1;');

  await expect(article.getByText('Then another one.')).toBeHidden();
  await article.getByText('Thought aloud · 6 words').click();
  await expect(article.getByText('Then another one.')).toBeVisible();
  await article.getByRole('button', { name: 'Copy', exact: true }).click();
  const copied = () => app.evaluate(({ clipboard }) => clipboard.readText());
  await expect.poll(copied).toMatch(/^Euler found/);
  await article.getByRole('button', { name: 'Copy table' }).click();
  await expect.poll(copied).toMatch(/^\| Animal/);

  // A reply of a megabyte is drawn as far as is read, and says so.
  await page.getByRole('button', { name: 'Next version' }).click();
  const huge = page.getByRole('article', { name: more.model! });
  await expect(huge).toContainText(/of 1,051 thousand characters are shown/);
  expect(await huge.locator('p').count()).toBeLessThan(4000);
  await huge.getByRole('button', { name: 'Show more' }).click();
  await expect(huge).toContainText('200 of 1,051 thousand characters are shown');
});
