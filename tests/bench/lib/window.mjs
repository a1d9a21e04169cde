/** Owns driving the real app for a bench: opens it with a data folder of its own, asks, and reads what was measured and painted. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { _electron } from '@playwright/test';
import { electronArguments } from '../../../scripts/lib/launch.mjs';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const longestReplyMs = 600_000;

/**
 * Opens the app, hands it to `work`, closes it and removes its data.
 * @param settings as in settings.json
 */
export function withApp(options, work) {
  return withHome(options, (open) => open(work));
}

/** As `withApp`, but hands out how to open the app, as often as wanted, over the same data. */
export async function withHome({ electron, env, model, settings = {} }, work) {
  const home = await mkdtemp(join(tmpdir(), 'bench-'));
  await writeFile(join(home, 'settings.json'), JSON.stringify({ welcomed: true, ...settings }));
  try {
    return await work(async (use) => {
      const app = await openApp({ electron, env, model, home });
      try {
        return await use(app);
      } finally {
        await app.close();
      }
    });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** Opens the app over a data folder. */
async function openApp({ electron, env, model, home }) {
  const app = await _electron.launch({
    executablePath: electron.executable,
    args: [project, ...electronArguments()],
    env: { ...env, ALTIPLANO_HOME: home, ALTIPLANO_STARTER_MODEL: model },
  });
  const page = await app.firstWindow();
  await page.waitForSelector('html[data-ready]');
  const request = (channel, input) =>
    page.evaluate(([name, value]) => window.altiplano.request(name, value), [channel, input]).then(valueOf);
  page.setDefaultTimeout(longestReplyMs);
  const send = async (text) => {
    // Asking the page again and again whether it is done would take time from the model.
    await page.evaluate(() => {
      window.benchEnded = new Promise((resolve) =>
        window.altiplano.onEvent((name) => name === 'runs.ended' && resolve()),
      );
    });
    await page.getByRole('textbox', { name: 'Message' }).fill(text);
    await page.keyboard.press('Enter');
  };
  /** What was measured of the last reply of the newest chat, once it is done. */
  const lastStats = async () => {
    await page.evaluate(() => window.benchEnded);
    await page.getByRole('button', { name: 'Regenerate' }).waitFor();
    const [{ id }] = await request('chats.list');
    const { messages } = await request('chats.open', { chatId: id });
    return messages.at(-1).stats;
  };
  /** Sends a message to a chat, or to a new one, and waits for the whole reply; nothing of it is typed or read on the page. */
  const reply = async (chat, message) => {
    const { chatId, runId } = await request('runs.send', { chatId: chat, text: message });
    while ((await request('runs.list')).some((run) => run.runId === runId)) await delay(20);
    const { messages } = await request('chats.open', { chatId });
    const { text, stats, error } = messages.at(-1);
    if (stats === null) throw new Error(error ?? 'no reply came');
    return { chatId, text, stats };
  };
  return {
    app,
    page,
    reply,
    request,
    send,
    lastStats,
    newChat: () => page.getByRole('button', { name: 'New chat' }).click(),
    close: () => app.close(),
    /** Sends a message and waits for the whole reply. */
    ask: async (text) => {
      await send(text);
      return lastStats();
    },
  };
}

function valueOf(envelope) {
  if (!envelope.ok) throw new Error(envelope.error.message);
  return envelope.value;
}

/** Waits for the first text of a reply to be painted. */
export function firstPainting(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          if (!document.querySelector('article.live .stats')?.textContent) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(document.querySelector('.chat'), {
          ...{ subtree: true, childList: true, characterData: true },
        });
      }),
  );
}

/**
 * Notes when the text of a reply is painted first and last, and how much of it at first: that much was written before.
 * Watches changes only: a loop over frames would itself take time from the model.
 * @returns asks for the milliseconds between the two and for the share of the text that came in them, and stops watching
 */
export async function watchPainting(page) {
  await page.evaluate(() => {
    const painted = { firstMs: 0, lastMs: 0, firstLength: 0, lastLength: 0 };
    const look = () => {
      const reply = document.querySelector('article.live .reply');
      if (!reply?.textContent || reply.querySelector('[role=status]')) return;
      painted.lastMs = performance.now();
      painted.lastLength = reply.textContent.length;
      painted.firstMs ||= painted.lastMs;
      painted.firstLength ||= painted.lastLength;
    };
    const observer = new MutationObserver(() => requestAnimationFrame(look));
    observer.observe(document.querySelector('.chat'), {
      ...{ subtree: true, childList: true, characterData: true },
    });
    window.benchPainted = { painted, observer };
  });
  return () =>
    page.evaluate(() => {
      const { painted, observer } = window.benchPainted;
      observer.disconnect();
      const { firstMs, lastMs, firstLength, lastLength } = painted;
      return { elapsedMs: lastMs - firstMs, share: 1 - firstLength / lastLength };
    });
}
