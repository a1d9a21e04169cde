/** Owns how tests start the app: each with a data folder of its own, the engine of its choice, and its errors watched. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, test as base, expect, type ElectronApplication, type Page } from '@playwright/test';
import type { Channel, Envelope } from '../../preload/contract/index.js';
import { plainModel } from '../fixtures/random-llama.js';
import { displays } from './displays.js';

const project = fileURLToPath(new URL('../..', import.meta.url));
const scriptedEngine = fileURLToPath(new URL('./scripted-engine.mjs', import.meta.url));

/** The verified starter model; a test that needs it fails where it is missing. */
export function starterModel(): string {
  const path = process.env['ALTIPLANO_STARTER_MODEL'];
  if (path === undefined || path === '') throw new Error('ALTIPLANO_STARTER_MODEL names no model');
  return path;
}

export type Opened = { readonly app: ElectronApplication; readonly page: Page };

type Launch = {
  /** The data folder of this test. */
  readonly home: string;
  /** Starts the app and waits until it is interactive. */
  open(env?: Record<string, string>, switches?: readonly string[]): Promise<Opened>;
  /** Ends the app as a user does, who does not wait for replies. */
  close(opened: Opened): Promise<void>;
  /** Errors of the page that belong to the test. */
  expect(pattern: RegExp): void;
};

type Options = {
  readonly launch: Launch;
  /** The app with the scripted engine and a model chosen. */
  readonly chat: Opened;
};

export const test = base.extend<Options>({
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixture's needs from the pattern
  launch: async ({}, use) => {
    const home = await mkdtemp(join(process.env['ALTIPLANO_TEST_DISK'] ?? tmpdir(), 'altiplano-'));
    const running = new Set<Opened>();
    const problems: string[] = [];
    let expected: RegExp | null = null;
    const close = async (opened: Opened) => {
      running.delete(opened);
      await answerQuestions(opened.app, ['Stop and quit']);
      await opened.app.close();
    };
    await use({
      home,
      close,
      expect: (pattern) => void (expected = pattern),
      open: async (env = {}, switches = []) => {
        const opened = await start(home, env, switches, problems);
        running.add(opened);
        return opened;
      },
    });
    for (const opened of running) await close(opened).catch(() => undefined);
    rmSync(home, { recursive: true, force: true });
    expect(
      problems.filter((problem) => expected?.test(problem) !== true),
      'errors in the page',
    ).toEqual([]);
  },
  chat: async ({ launch }, use) => {
    await use(await launch.open(scripted(launch.home)));
  },
});

/** Environment for the scripted engine, with a small file that passes for a model. */
export function scripted(home: string): Record<string, string> {
  return { ALTIPLANO_ENGINE: scriptedEngine, ALTIPLANO_STARTER_MODEL: placeModel(home, 'Scripted-7B.gguf') };
}

/** Puts a small sound model into the models folder; by another name it is another model. */
export function placeModel(home: string, name: string): string {
  const path = join(home, 'models', name);
  mkdirSync(join(home, 'models'), { recursive: true });
  writeFileSync(path, Buffer.concat([plainModel, Buffer.from(name.padEnd(64))]));
  return path;
}

/**
 * The next questions of the system are answered by the buttons with these words, later ones by the choice that changes
 * nothing.
 */
export async function answerQuestions(app: ElectronApplication, buttons: readonly string[]): Promise<void> {
  await app.evaluate(
    ({ dialog }, answers) => {
      const left = [...answers];
      const asked: string[] = [];
      Object.assign(globalThis, { asked });
      dialog.showMessageBox = ((
        _window: unknown,
        question: { message: string; detail: string; buttons: string[] },
      ) => {
        asked.push(`${question.message} ${question.detail}`);
        const response = question.buttons.indexOf(left.shift() ?? 'Cancel');
        return Promise.resolve({ response, checkboxChecked: false });
      }) as never;
    },
    [...buttons],
  );
}

/** What the system has asked since `answerQuestions`. */
export const asked = (app: ElectronApplication): Promise<string[]> =>
  app.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);

/** The process of the engine; 0 while there is none. */
export const enginePid = (app: ElectronApplication): Promise<number> =>
  app
    .evaluate(
      ({ app: electron }) =>
        electron.getAppMetrics().find((process) => process.name === 'Altiplano engine')?.pid ?? 0,
    )
    // Once in some thousand times V8 clears away what its inspector waits for.
    .catch((thrown: unknown) => {
      if (String(thrown).includes('garbage collected')) return enginePid(app);
      throw thrown;
    });

/** Asks main as the page does. */
export const request = <T>(page: Page, channel: Channel, input?: unknown): Promise<Envelope<T>> =>
  page.evaluate<Envelope<T>>(`altiplano.request('${channel}', ${JSON.stringify(input)})`);

/** Asks main as the page does; an error fails the test. */
export async function ask<T>(page: Page, channel: Channel, input?: unknown): Promise<T> {
  const answer = await request<T>(page, channel, input);
  if (!answer.ok) throw new Error(`${channel}: ${answer.error.message}`);
  return answer.value;
}

/** Starts the app once more, with another data folder. It may ask something: who has read what it said stops it. */
export function startAgain(
  app: ElectronApplication,
  home: string,
): { readonly said: () => string; readonly stop: () => void } {
  const { spawnfile, spawnargs } = app.process();
  const args = spawnargs.slice(1).filter((arg) => !/inspect|remote-debugging/.test(arg));
  const env = { ...process.env, ...ownDisplay(), ALTIPLANO_HOME: home };
  const again = spawn(spawnfile, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  again.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { said: () => said, stop: () => void again.kill('SIGKILL') };
}

/** Drops a file onto the window, as a file manager does. */
export async function dropFile(page: Page, path: string): Promise<void> {
  await page.evaluate(`(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'dropped';
    input.onchange = () => {
      const data = new DataTransfer();
      data.items.add(input.files[0]);
      input.remove();
      document.querySelector('main').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    };
    document.body.append(input);
  })()`);
  await page.locator('#dropped').setInputFiles(path);
}

/** Runs a command of the palette by some of its words, once it is the chosen one. */
export async function runCommand(page: Page, words: string, label: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(
    page.getByRole('combobox', { name: 'Search actions, chats, models and settings' }),
  ).toBeFocused();
  await page.keyboard.type(words);
  const commands = page.getByRole('listbox', { name: 'Commands' });
  await expect(commands.getByRole('option', { selected: true })).toContainText(label);
  await page.keyboard.press('Enter');
}

/**
 * The welcome would lie over what is tested; a test of it says that it was not shown yet. And two engines with two
 * threads each would make the other wait in every step.
 */
function prepareSettings(home: string): void {
  const path = join(home, 'settings.json');
  let settings: unknown = {};
  try {
    if (existsSync(path)) settings = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Damaged on purpose: it stays as it is.
    return;
  }
  writeFileSync(path, JSON.stringify({ welcomed: true, threads: 1, ...(settings as object) }));
}

/** Tests that run side by side have a display each: two windows on one would take the focus from each other. */
function ownDisplay(): Record<string, string> {
  const display = displays[Number(process.env['TEST_PARALLEL_INDEX'])];
  return display === undefined ? {} : { DISPLAY: display };
}

async function start(
  home: string,
  env: Record<string, string>,
  switches: readonly string[],
  problems: string[],
): Promise<Opened> {
  const executablePath = process.env['ALTIPLANO_ELECTRON'];
  if (executablePath === undefined)
    throw new Error('run the tests by npm test: ALTIPLANO_ELECTRON is not set');
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name, value]) => value !== undefined && name !== 'UV_THREADPOOL_SIZE',
    ),
  ) as Record<string, string>;
  prepareSettings(home);
  const app = await _electron.launch({
    executablePath,
    args: [project, '--no-sandbox', '--force-color-profile=srgb', ...switches],
    env: {
      ...inherited,
      ...ownDisplay(),
      LANGUAGE: 'en',
      ALTIPLANO_HOME: home,
      HF_ENDPOINT: 'http://127.0.0.1:9',
      ...env,
    },
  });
  const page = await app.firstWindow();
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.waitForSelector('html[data-ready]');
  return { app, page };
}

export { expect };
