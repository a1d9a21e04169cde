/** Section of `npm run bench -- chats`: long chats in the real window, with an engine without a model: opening, streaming, scrolling. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inProject } from '../../../scripts/lib/paths.mjs';
import { writeLongChats } from '../../fixtures/long-chat.mjs';
import { median } from '../lib/figures.mjs';
import { withHome } from '../lib/window.mjs';

const lengths = [10, 1000, 5000];
const opens = 7;
const tokens = 300;
/** What the issue asks for. */
const limits = { openMs: 200, slowShare: 0.01, slowMs: 33 };

const title = (length) => `Chat of ${length}`;

/** @param starter a model file that passes the checks; the engine does not read it */
export async function longSection({ electron, env, starter, say }) {
  const scripted = { ...env, ALTIPLANO_ENGINE: inProject('tests', 'e2e', 'scripted-engine.mjs') };
  return withHome({ electron, env: scripted, model: starter }, async (open) => {
    const home = await open(async ({ request }) => (await request('app.info')).home);
    const chats = ['Between', ...lengths.map(title)].map((name, at) => ({
      ...{ title: name, length: at === 0 ? 2 : lengths[at - 1] },
    }));
    writeLongChats(join(home, 'altiplano.db'), chats);
    return open(async (app) => {
      await app.page.getByRole('combobox', { name: 'Model' }).waitFor();
      await delay(3000);
      const opened = {};
      for (const length of lengths) {
        opened[length] = await openings(app.page, length);
        const { median: middle, max } = opened[length];
        say(`open ${length} messages: ${middle.toFixed(0)} ms to the frame, at most ${max.toFixed(0)} ms`);
      }
      const perToken = {};
      for (const length of lengths) {
        perToken[length] = await costPerToken(app, length);
        const { taskMs, scriptMs } = perToken[length];
        say(
          `a token in ${length} messages: ${taskMs.toFixed(2)} ms of the page, script ${scriptMs.toFixed(2)} ms`,
        );
      }
      const frames = await framesWhileScrolling(app);
      say(
        `frames over ${limits.slowMs} ms while streaming and scrolling: ${(frames.slowShare * 100).toFixed(1)} % of ${frames.count}, the longest ${frames.longestMs.toFixed(0)} ms`,
      );
      const passed = opened[5000].median <= limits.openMs && frames.slowShare < limits.slowShare;
      return { opened, perToken, frames, limits, passed };
    });
  });
}

const choose = (page, name) =>
  page.getByRole('list', { name: 'Chats' }).getByText(name, { exact: true }).click();
const lastQuestion = (page, length) => page.getByText(`Question ${length - 2}:`).waitFor();

/** From the click to the frame that shows the end of the chat. */
async function openings(page, length) {
  const times = [];
  for (let at = 0; at < opens; at++) {
    await choose(page, 'Between');
    await lastQuestion(page, 2);
    await delay(300);
    await page.evaluate(
      (last) => {
        window.benchOpened = new Promise((resolve) => {
          addEventListener(
            'click',
            ({ timeStamp }) => {
              const look = () => {
                if (document.querySelector('[role=log]')?.textContent.includes(last) !== true) return;
                observer.disconnect();
                // A task after the frame's own work: the frame is on its way to the screen.
                requestAnimationFrame(() => {
                  const { port1, port2 } = new MessageChannel();
                  port1.onmessage = () => resolve(performance.now() - timeStamp);
                  port2.postMessage(null);
                });
              };
              const observer = new MutationObserver(look);
              observer.observe(document.body, { subtree: true, childList: true, characterData: true });
            },
            { once: true, capture: true },
          );
        });
      },
      `Question ${length - 2}:`,
    );
    await choose(page, title(length));
    times.push(await page.evaluate(() => window.benchOpened));
    // The rest of the chat arrives before the next one is opened.
    await delay(length / 3);
  }
  return { median: median(times), max: Math.max(...times), times };
}

/** Work of the page's main thread for each streamed token, as Chromium counts it. */
async function costPerToken(app, length) {
  const { page } = app;
  await choose(page, title(length));
  await lastQuestion(page, length);
  await delay(2500);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const counted = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const seconds = (name) => metrics.find((metric) => metric.name === name).value;
    return { task: seconds('TaskDuration'), script: seconds('ScriptDuration') };
  };
  await app.send(`fast ${tokens}`);
  await page.locator('article.live').getByText('word20 ').waitFor();
  const from = await counted();
  await page.evaluate(() => window.benchEnded);
  const to = await counted();
  await session.detach();
  const each = (name) => ((to[name] - from[name]) * 1000) / (tokens - 20);
  return { taskMs: each('task'), scriptMs: each('script') };
}

/** Times between frames while a reply streams and the reader scrolls up and down through the longest chat. */
async function framesWhileScrolling(app) {
  const { page } = app;
  await app.send(`fast ${tokens * 2}`);
  await page.locator('article.live').getByText('word20 ').waitFor();
  await page.evaluate(() => {
    const frames = [];
    window.benchFrames = frames;
    const note = (now) => {
      frames.push(now);
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  await page.locator('[role=log]').hover();
  for (let step = 0; step < 90; step++) {
    await page.mouse.wheel(0, step % 30 < 20 ? -240 : 240);
    await delay(50);
  }
  const frames = await page.evaluate(() => window.benchFrames);
  await page.evaluate(() => window.benchEnded);
  const times = frames.slice(1).map((now, at) => now - frames[at]);
  const slow = times.filter((ms) => ms > limits.slowMs).length;
  return { count: times.length, slowShare: slow / times.length, longestMs: Math.max(...times) };
}
