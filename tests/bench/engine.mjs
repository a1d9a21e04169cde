/**
 * `npm run bench -- engine [--model FILE] [--json]`: speed of writing and of reading a prompt through the whole app, from
 * the engine process to painted text, as ratios to llama.cpp's own llama-bench (its path in `LLAMA_BENCH`), pair by pair.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { _electron } from '@playwright/test';
import { electronArguments } from '../../scripts/lib/launch.mjs';

const pairs = 5;
const writtenTokens = 200;
/** Makes a prompt of somewhat more tokens than llama-bench reads. */
const promptWords = 500;
const benchPromptTokens = 512;
const project = fileURLToPath(new URL('../..', import.meta.url));
const threads = availableParallelism();
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

export async function bench({ electron, starter, args, env, json }) {
  const { values } = parseArgs({ args, options: { model: { type: 'string' }, json: { type: 'boolean' } } });
  const model = values.model ?? starter;
  if (!model) throw new Error('Name a model: --model FILE');
  const reference = process.env.LLAMA_BENCH;
  const rows = [];
  for (let pair = 0; pair < pairs; pair++) {
    const steps = [async () => ({ app: await throughApp(electron, model, env) })];
    if (reference) steps.push(async () => ({ raw: llamaBench(reference, model) }));
    if (pair % 2 === 1) steps.reverse();
    const row = {};
    for (const step of steps) Object.assign(row, await step());
    rows.push(row);
    if (!json) console.log(line(row));
  }
  const of = (pick) => median(rows.map(pick));
  const result = {
    machine: `${cpus()[0]?.model}, ${threads} cores`,
    model,
    app: { writing: of((row) => row.app.writing), reading: of((row) => row.app.reading) },
    ...(reference
      ? {
          ratio: {
            writing: of((row) => row.app.writing / row.raw.writing),
            reading: of((row) => row.app.reading / row.raw.reading),
          },
        }
      : {}),
  };
  if (json) console.log(JSON.stringify({ ...result, rows }));
  else {
    const ratio = result.ratio;
    console.log(
      `median: writing ${result.app.writing.toFixed(1)} tok/s, reading ${result.app.reading.toFixed(0)} tok/s`,
    );
    console.log(
      ratio
        ? `ratio to llama-bench: writing ${ratio.writing.toFixed(2)}, reading ${ratio.reading.toFixed(2)} on ${result.machine}`
        : 'Set LLAMA_BENCH to the path of a llama-bench for the ratios.',
    );
  }
  return 0;
}

/** Tokens a second through the window: one long prompt, then a reply of fixed length to a short one. */
async function throughApp(electron, model, env) {
  const home = await mkdtemp(join(tmpdir(), 'bench-engine-'));
  const sampling = { temperature: 1, max_new_tokens: writtenTokens, seed: 1 };
  await writeFile(join(home, 'settings.json'), JSON.stringify({ sampling, contextSize: 2048 }));
  const app = await _electron.launch({
    executablePath: electron.executable,
    args: [project, ...electronArguments()],
    env: { ...env, ALTIPLANO_HOME: home, ALTIPLANO_STARTER_MODEL: model },
  });
  const page = await app.firstWindow();
  const ask = async (text) => {
    await page.getByRole('button', { name: 'New chat' }).click();
    await page.getByRole('textbox', { name: 'Message' }).fill(text);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Regenerate' }).waitFor({ timeout: 600_000 });
    const [{ id }] = (await page.evaluate(() => window.altiplano.request('chats.list'))).value;
    const thread = await page.evaluate((chatId) => window.altiplano.request('chats.open', { chatId }), id);
    return thread.value.messages.at(-1).stats;
  };
  try {
    await page.waitForSelector('html[data-ready]');
    await ask('Say hello.');
    const long = await ask(Array.from({ length: promptWords }, (_, index) => `w${index % 97}`).join(' '));
    // A model may end early; the longest of a few replies has the least rounding.
    const replies = [];
    for (let i = 0; i < 3; i++) replies.push(await ask('Tell me a very long story about a llama.'));
    const longest = replies.reduce((best, reply) => (reply.tokens > best.tokens ? reply : best));
    const readTokens = long.promptTokens - long.reusedTokens;
    return { writing: longest.tokensPerSecond, reading: (readTokens * 1000) / long.timeToFirstTokenMs };
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true });
  }
}

function llamaBench(program, model) {
  const tests = ['-p', String(benchPromptTokens), '-n', String(writtenTokens), '-r', '2'];
  const output = execFileSync(program, ['-m', model, '-t', String(threads), ...tests, '-o', 'json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const results = JSON.parse(output);
  return {
    reading: results.find((result) => result.n_prompt > 0).avg_ts,
    writing: results.find((result) => result.n_gen > 0).avg_ts,
  };
}

function line({ app, raw }) {
  const against = (name) =>
    raw
      ? `${app[name].toFixed(1)} against ${raw[name].toFixed(1)} (${(app[name] / raw[name]).toFixed(2)})`
      : app[name].toFixed(1);
  return `writing ${against('writing')} tok/s, reading ${against('reading')} tok/s`;
}
