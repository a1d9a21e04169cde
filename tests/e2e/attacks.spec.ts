/** Texts that try to run, load or lead elsewhere, by every way that a text comes in: nothing runs, nobody is asked. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import Sqlite from 'better-sqlite3';
import type { Chat } from '../../preload/contract/chats.js';
import type { ImportedCharacter } from '../../preload/contract/characters.js';
import { channels, type Channel } from '../../preload/contract/index.js';
import type { ImportPreview } from '../../preload/contract/imports.js';
import { noteFigures } from '../fixtures/figures.js';
import { ggufFile } from '../fixtures/gguf.js';
import { claudeConversation } from '../fixtures/foreign-chats.js';
import { startHub } from '../fixtures/hub-server.js';
import { llamaMetadata, llamaTensors, shapes } from '../fixtures/random-llama.js';
import { RandomMessages } from '../fixtures/random-messages.js';
import { xssPayloads, xssText } from '../fixtures/xss.js';
import { answerQuestions, ask, asked, expect, scripted, test } from './fixtures.js';
import { harmIn, noticed, startLure, watch, type Lure } from './harm.js';

let lure: Lure;
let payloads: readonly string[];
test.beforeEach(async () => {
  lure = await startLure();
  payloads = xssPayloads(lure.url);
});
test.afterEach(() => lure.close());

/** Tells the figures, and then asserts that nothing happened: in the pages that were looked at, in the app, at the server. */
async function expectUnharmed(way: string, app: ElectronApplication, harm: readonly string[]): Promise<void> {
  const all = [...harm, ...(await noticed(app)), ...lure.asked];
  const what = `of ${payloads.length} hostile texts in ${way}: run, asked for or left in a page`;
  noteFigures(`attacks ${way}`, [{ what, wanted: 0, got: all.length }]);
  expect(all).toEqual([]);
  const [page] = app.windows();
  expect([await page!.title(), page!.url()]).toEqual(['Altiplano', 'app://bundle/index.html']);
}

/** A chat in which a question was answered, as another program exports it. */
const conversation = (uuid: string, name: string, texts: readonly [string, string]) => ({
  ...{ ...claudeConversation, uuid, name },
  chat_messages: texts.map((text, at) => ({ ...claudeConversation.chat_messages[at]!, text, content: [] })),
});

async function importChats(
  page: Page,
  path: string,
  chats: unknown,
  tag: string | null = null,
): Promise<void> {
  writeFileSync(path, JSON.stringify(chats));
  const { id, chats: found } = await ask<ImportPreview>(page, 'imports.look', { paths: [path], formats: {} });
  await ask(page, 'imports.start', { id, chosen: found.map(({ at }) => at), folder: null, tag });
}

const log = (page: Page) => page.getByRole('log', { name: 'Conversation' });
const tab = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();

test('in a reply, while it streams and after; its links only ask', async ({ chat: { app, page } }) => {
  await watch(app);
  await page.getByRole('textbox', { name: 'Message' }).fill(`repeat this\n\n${xssText(payloads)}`);
  await page.keyboard.press('Enter');
  const reply = log(page).getByRole('article', { name: 'Scripted-7B' });
  await expect(reply.getByText('p100:', { exact: true })).toBeVisible();
  const harm = await harmIn(page);
  await expect(page.getByRole('button', { name: 'Regenerate' })).toBeEnabled();
  // Each has come, as a text of its own.
  const numbers = (await reply.locator('p').allInnerTexts()).filter((text) => /^p\d+:$/.test(text));
  expect(numbers).toEqual(payloads.map((_, number) => `p${number}:`));

  await answerQuestions(app, []);
  const links = reply.locator('button.link');
  await links.evaluateAll((buttons) =>
    (buttons as unknown as { click(): void }[]).forEach((link) => link.click()),
  );
  await expect.poll(async () => (await asked(app)).length).toBeGreaterThan(10);
  for (const question of await asked(app)) expect(question).toMatch(/^Open [\w.:]+ in the browser\? http/);
  await expectUnharmed('a reply', app, [...harm, ...(await harmIn(page))]);
  expect(app.windows()).toHaveLength(1);
});

test('in imported chats and their titles, cards of characters, and names of all kinds', async ({
  launch,
}) => {
  test.setTimeout(120_000);
  const place = (name: string, content: unknown) => {
    const path = join(launch.home, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const env = scripted(launch.home);
  // What a system allows in the name of a file.
  const fileName = '<img src=x onerror=top.hurt=999>';
  writeFileSync(
    join(launch.home, 'models', `${fileName}.gguf`),
    ggufFile(
      {
        ...llamaMetadata(shapes.tiny),
        'general.name': payloads[3]!,
        'general.basename': payloads[0]!,
        'tokenizer.chat_template': payloads[0]!,
        'general.license': payloads[4]!,
      },
      llamaTensors(shapes.tiny),
    ),
  );
  const { app, page } = await launch.open(env);
  await watch(app);
  const harm: string[] = [];
  const look = async () => harm.push(...(await harmIn(page)));

  const perChat = 25;
  const conversations = Array.from({ length: payloads.length / perChat }, (_, at) =>
    conversation(`chat ${at}`, payloads[at * 7]!, [
      payloads[at]!,
      xssText(payloads.slice(at * perChat, (at + 1) * perChat)),
    ]),
  );
  await importChats(page, join(launch.home, `${fileName}.json`), conversations, payloads[0]!.slice(0, 50));
  const chats = await ask<Chat[]>(page, 'chats.list');
  expect(chats).toHaveLength(conversations.length);
  for (const index of chats.keys()) {
    await page
      .getByRole('list', { name: 'Chats' })
      .getByRole('listitem')
      .nth(index)
      .getByRole('button')
      .first()
      .click();
    await expect(log(page).getByText('p24:', { exact: true })).toBeVisible();
    await look();
  }

  const [script, image, link] = [payloads[0]!, payloads[3]!, payloads[19]!];
  const card = {
    ...{
      name: image,
      description: script,
      personality: image,
      scenario: link,
      first_mes: xssText(payloads.slice(0, 30)),
    },
    ...{
      mes_example: image,
      creator_notes: xssText(payloads.slice(30, 60)),
      tags: [image, script],
      creator: link,
    },
    ...{ alternate_greetings: [script, image], system_prompt: script, character_version: image },
    character_book: {
      name: image,
      entries: [{ keys: [image], content: script, comment: image, name: script }],
    },
  };
  const [imported] = await ask<ImportedCharacter[]>(page, 'characters.import', {
    paths: [place('card.json', { spec: 'chara_card_v2', spec_version: '2.0', data: card })],
  });
  await ask(page, 'characters.startChat', { id: imported!.character!.id });
  await ask(page, 'personas.create', { name: image, description: script });
  const folder = await ask<{ id: string }>(page, 'folders.create', { name: image });
  await ask(page, 'chats.move', { chatIds: [chats[0]!.id], folderId: folder.id });
  await ask(page, 'presets.create', { name: image, values: {} });
  for (const form of ['gbnf', 'jinja', 'json-schema'])
    await ask(page, 'workshop.create', { form, name: image, does: script, text: script });
  await ask(page, 'runs.send', { chatId: null, text: link });

  await page.reload();
  await page.waitForSelector('html[data-ready]');
  for (const name of ['Notebook', 'Parameters', 'Characters', 'Compare', 'Settings']) {
    await tab(page, name);
    await expect(page.getByRole('tabpanel', { name })).toBeVisible();
    await look();
  }
  await tab(page, 'Models');
  await expect(page.getByRole('list', { name: 'Model files' })).toContainText('<img src=x');
  await look();
  await tab(page, 'Characters');
  await page.getByRole('button', { name: /^Edit </ }).click();
  await expect(page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue(image);
  await look();
  await tab(page, 'Chat');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('img');
  await expect(page.getByRole('listbox', { name: 'Commands' })).toContainText('<img');
  await look();
  await expectUnharmed('imports, cards and names', app, harm);
  expect(app.windows()).toHaveLength(1);
});

test('in what a hub answers, and in the names of its files', async ({ launch }) => {
  const hub = await startHub([]);
  const id = `evil/${payloads[3]!}`;
  const repository = {
    ...{ id, sha: payloads[0]!, gated: payloads[3]!, downloads: 1, likes: 1, lastModified: payloads[3]! },
    ...{
      tags: ['gguf', ...payloads.map((payload) => `license:${payload}`)],
      gguf: { architecture: payloads[3]! },
    },
  };
  hub.trouble = (response) => {
    const { pathname } = new URL(response.req.url!, hub.endpoint);
    const answer = pathname.includes('/tree/')
      ? payloads.map((payload, number) => ({
          type: 'file',
          size: 9,
          path: `${number} ${payload}.Q4_K_M.gguf`,
        }))
      : pathname === '/api/models'
        ? payloads.map((payload, number) => ({ ...repository, id: `evil/${number} ${payload}` }))
        : repository;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };
  try {
    const { app, page } = await launch.open({ ...scripted(launch.home), HF_ENDPOINT: hub.endpoint });
    await watch(app);
    await tab(page, 'Models');
    await tab(page, 'Hub');
    const repositories = page.getByRole('list', { name: 'Repositories' }).getByRole('listitem');
    await expect(repositories).toHaveCount(payloads.length);
    const harm = await harmIn(page);
    await page.getByRole('searchbox', { name: 'Search the hub' }).fill('evil/model');
    await page.keyboard.press('Enter');
    await expect(
      page.getByRole('list', { name: 'Models', exact: true }).getByRole('listitem').first(),
    ).toBeVisible();
    await expectUnharmed('answers of a hub', app, [...harm, ...(await harmIn(page))]);
  } finally {
    await hub.close();
  }
});

test('in a note shown as a page, and in an exported page that a browser opens', async ({
  chat: { app, page },
  launch,
}) => {
  await watch(app);
  // While the page takes apart what it will not show, the policy refuses that too.
  launch.expect(/^Refused to (?:set the document's base URI|apply inline style)/);
  const text = xssText(payloads);
  await tab(page, 'Notebook');
  const harm: string[] = [];
  // In HTML some of them hide what comes after them.
  for (const note of [text, xssText([...payloads].reverse())]) {
    await page.getByRole('button', { name: 'Write', exact: true }).click();
    await page.getByRole('textbox', { name: 'Note', exact: true }).fill(note);
    await page.getByRole('button', { name: 'HTML', exact: true }).click();
    await expect(page.frameLocator('iframe[title="Note as HTML"]').getByText('p1:')).toBeVisible();
    harm.push(...(await harmIn(page)));
  }

  await importChats(page, join(launch.home, 'chats.json'), [
    conversation('chat', payloads[3]!, [payloads[0]!, text]),
  ]);
  const [{ id: chatId }] = await ask<[Chat]>(page, 'chats.list');
  const file = join(launch.home, 'exports', 'chat.html');
  mkdirSync(join(launch.home, 'exports'));
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, file);
  const scope = { kind: 'chats', chatIds: [chatId] };
  await ask(page, 'exports.start', {
    id: 'e',
    scope,
    format: 'html',
    branches: true,
    metadata: true,
    target: 'file',
  });
  const opened = app.waitForEvent('window');
  await app.evaluate(({ BrowserWindow }, path) => void new BrowserWindow().loadFile(path), file);
  const read = await opened;
  await expect(read.getByText('p199:', { exact: true })).toBeVisible();
  await expectUnharmed('a note and an exported page', app, [...harm, ...(await harmIn(read))]);
  expect(app.windows()).toHaveLength(2);
});

test('random messages from the page, and such as only a program sends: refused, without any effect', async ({
  launch,
}) => {
  const { app, page } = await launch.open(scripted(launch.home));
  await ask(page, 'runs.send', { chatId: null, text: 'before' });
  await expect.poll(() => ask<unknown[]>(page, 'runs.list')).toEqual([]);
  const names = Object.keys(channels) as Channel[];
  const perChannel = 40;
  // What fits a channel is what the page may ask; all others have no effect.
  const sent = names.flatMap((name, at) => {
    const messages = new RandomMessages(at + 1);
    return Array.from(
      { length: perChannel },
      () =>
        JSON.parse(
          JSON.stringify({ input: messages.next(channels[name].input) }, (_, value: unknown) =>
            typeof value === 'bigint' ? String(value) : value,
          ),
        ) as { input?: unknown },
    )
      .filter(({ input }) => !channels[name].input.safeParse(input).success)
      .map(({ input }) => [name, input ?? null] as const);
  });
  // What was said before comes into the index of the search a little later.
  await expect.poll(() => unindexed(launch.home)).toBe(0);
  const before = digestOf(launch.home);
  type Told = { refused: number; others: string[] };
  const told = await page.evaluate<Told>(`(async () => {
    const told = { refused: 0, others: [] };
    const circle = { a: [] };
    circle.a.push(circle);
    let deep = 'x';
    for (let depth = 0; depth < 20000; depth++) deep = [deep];
    const odd = [circle, deep, 2n ** 70n, new Map([['chatId', 'x']]), new Date(), /x/, new Error('x'), new Blob(['x']), NaN, new ArrayBuffer(9), () => 1, Symbol('x'), document, window];
    const names = ${JSON.stringify(names)};
    const all = ${JSON.stringify(sent)};
    for (const name of names) for (const input of odd) all.push([name, input]);
    for (const name of ['', '__proto__', 'toString', 7, null, {}, ['chats.list'], 'chats.list ', 'x'.repeat(1e6)]) all.push([name, undefined]);
    for (let at = 0; at < all.length; at += 200) {
      await Promise.all(all.slice(at, at + 200).map(async ([name, input]) => {
        let answer;
        try { answer = await altiplano.request(name, input); } catch (thrown) { answer = { ok: false, error: { code: 'bad-input' } }; }
        // On the way some odd things become an empty object, and that is a change of nothing.
        const isEmptyChange = answer.ok && ['api.set', 'settings.set'].includes(name);
        if (isEmptyChange || (!answer.ok && answer.error.code === 'bad-input')) told.refused++;
        else told.others.push(String(name) + ' ' + JSON.stringify(answer).slice(0, 200));
      }));
    }
    return told;
  })()`);
  const after = digestOf(launch.home);
  noteFigures('ipc fuzz from a page', [
    {
      what: `messages from a page that do not fit, refused (of ${told.refused + told.others.length})`,
      wanted: told.refused + told.others.length,
      got: told.refused,
    },
    { what: 'of these, with an effect on the data folder', wanted: 0, got: before === after ? 0 : 1 },
  ]);
  expect(told.others).toEqual([]);
  expect(told.refused).toBeGreaterThan(5000);
  expect(after).toBe(before);
  expect(app.windows()).toHaveLength(1);
  await ask(page, 'runs.send', { chatId: null, text: 'after' });
  await expect.poll(async () => (await ask<unknown[]>(page, 'chats.list')).length).toBe(2);
});

function unindexed(home: string): number | undefined {
  const db = new Sqlite(join(home, 'altiplano.db'), { readonly: true });
  const count = db.prepare<[], number>('SELECT count(*) FROM search_queue').pluck().get();
  db.close();
  return count;
}

/** What is in the database and in the settings. */
function digestOf(home: string): string {
  const db = new Sqlite(join(home, 'altiplano.db'), { readonly: true });
  const tables = db
    .prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
    .pluck()
    .all();
  const rows = tables.map((table) => db.prepare(`SELECT * FROM "${table}"`).raw().all());
  db.close();
  const settings = readFileSync(join(home, 'settings.json'));
  return createHash('sha256').update(JSON.stringify(rows)).update(settings).digest('hex');
}
