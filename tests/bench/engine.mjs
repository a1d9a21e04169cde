/**
 * `npm run bench -- engine [--model FILE | --shape NAME …] [--pairs N] [--json]`: speed of writing through the whole app,
 * from the engine process to painted text, and of reading a prompt while the window is there, by the engine's clock as
 * llama-bench's is; against llama-bench (its path in `LLAMA_BENCH`), against the same engine without a window, and against
 * the prebuilt engine where a native one is in use. The time to the first token is what all of it takes from Send on.
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { nativeEngineInUse } from '../../scripts/lib/native-engine.mjs';
import { machine, median } from './lib/figures.mjs';
import { benchModels } from './lib/models.mjs';
import { firstPainting, watchPainting, withApp } from './lib/window.mjs';

/** About as many as a reply may have by default. */
const writtenTokens = 400;
/** A trained model may end a reply early; then it is asked again, and the longest reply counts. */
const longEnough = 300;
const attempts = 3;
const readTokens = 512;
const stops = 5;
/** After this long without a question the state of the chat before is saved; `bench -- cache` measures what that takes. */
const restMs = 5000;
const threads = availableParallelism();
const headless = fileURLToPath(new URL('../../out/main/chat.js', import.meta.url));
/** An option that no build has: the library then passes over a native build and takes the prebuilt one. */
const prebuiltOnly = { NODE_LLAMA_CPP_CMAKE_OPTION_PREBUILT_ONLY: 'ON' };

export async function bench({ electron, args, env, json }) {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string' },
      shape: { type: 'string', multiple: true, default: ['134M', '1.1B'] },
      pairs: { type: 'string', default: '5' },
      json: { type: 'boolean' },
    },
  });
  const reference = process.env.LLAMA_BENCH;
  if (!reference && !json)
    console.log('Set LLAMA_BENCH to a llama-bench for the ratios to it; `npm run engine:native` makes one.');
  const native = nativeEngineInUse();
  const results = [];
  for (const model of await benchModels(values.model, values.shape)) {
    const rows = [];
    if (!json) console.log(`${model.name}, ${threads} threads, ${native ? 'native' : 'prebuilt'} engine`);
    for (let pair = 0; pair < Number(values.pairs); pair++) {
      const row = await measure({ electron, env, model: model.path, reference, native, odd: pair % 2 === 1 });
      rows.push(row);
      if (!json) console.log(`  ${line(row)}`);
    }
    results.push(summary(model.name, rows));
    if (!json) console.log(`  median: ${describe(results.at(-1))}`);
  }
  if (json) console.log(JSON.stringify({ machine: machine(), threads, native, results }));
  else console.log(`on ${machine()}`);
  return 0;
}

/** Everything once, one after another, so that what else the machine does weighs on all. */
async function measure({ electron, env, model, reference, native, odd }) {
  const steps = [
    async () => ({ app: await throughApp(electron, model, env) }),
    async () => ({ headless: withoutWindow(model) }),
    ...(reference ? [async () => ({ raw: llamaBench(reference, model) })] : []),
    ...(native
      ? [async () => ({ prebuilt: await throughApp(electron, model, { ...env, ...prebuiltOnly }) })]
      : []),
  ];
  const row = {};
  for (const step of odd ? steps.reverse() : steps) Object.assign(row, await step());
  return row;
}

/** Tokens a second through the window, as painted, and how long Stop takes. */
function throughApp(electron, model, env) {
  const settings = { sampling: { max_new_tokens: writtenTokens, seed: 1 }, contextSize: 2048 };
  return withApp({ electron, env, model, settings }, async (app) => {
    const { page, ask, newChat, send, lastStats } = app;
    /** Asks in a new chat and stops the reply once there is some of it. */
    const askBriefly = async (text) => {
      await newChat();
      await send(text);
      await firstPainting(page);
      await page.keyboard.press('Escape');
      return lastStats();
    };
    await askBriefly('Say hello.');
    const prompt = await textOf(readTokens, app);
    await delay(restMs);
    const long = await askBriefly(prompt);
    let longest = { tokens: 0, writing: 0 };
    for (let attempt = 0; attempt < attempts && longest.tokens < longEnough; attempt++) {
      await newChat();
      const painted = await watchPainting(page);
      const { tokens } = await ask('Tell me a very long story about a llama.');
      const { elapsedMs, share } = await painted();
      const writing = (tokens * share * 1000) / elapsedMs;
      if (tokens > longest.tokens) longest = { tokens, writing };
    }
    const stopMs = [];
    for (let i = 0; i < stops; i++) {
      await newChat();
      await send('Tell me a very long story about a llama.');
      await firstPainting(page);
      const startedMs = performance.now();
      await page.keyboard.press('Escape');
      const { stopReason } = await lastStats();
      if (stopReason === 'stopped') stopMs.push(performance.now() - startedMs);
    }
    // The last token is evaluated for the first one of the reply.
    const read = long.promptTokens - long.reusedTokens - 1;
    return {
      writing: longest.writing,
      reading: (read * 1000) / long.readingMs,
      firstTokenMs: long.timeToFirstTokenMs,
      stopMs: Math.max(...stopMs),
    };
  });
}

/** A text of about so many tokens: attention makes longer ones slower to read. */
async function textOf(tokens, { request }) {
  const words = (count) => Array.from({ length: count }, (_, index) => `w${index % 97}`).join(' ');
  const sample = await request('tokens.count', { text: words(100) });
  return words(Math.round((tokens * 100) / sample));
}

/** Tokens a second of the same engine in a process of Node, without a window to paint. */
function withoutWindow(model) {
  const options = ['--prompt', 'Tell me a very long story about a llama.', '--seed', '1', '--json'];
  const sizes = ['--max-tokens', String(writtenTokens), '--context', '2048'];
  const output = execFileSync(process.execPath, [headless, '--model', model, ...options, ...sizes], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  });
  return { writing: JSON.parse(output).tokensPerSecond };
}

function llamaBench(program, model) {
  const tests = ['-p', String(readTokens), '-n', String(writtenTokens), '-r', '1'];
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

function summary(model, rows) {
  const of = (pick) => median(rows.map(pick));
  const ratio = (name, other, own = 'app') =>
    rows[0][other]?.[name] === undefined || rows[0][own] === undefined
      ? undefined
      : of((row) => row[own][name] / row[other][name]);
  return {
    model,
    writing: of(({ app }) => app.writing),
    reading: of(({ app }) => app.reading),
    firstTokenMs: of(({ app }) => app.firstTokenMs),
    stopMs: of(({ app }) => app.stopMs),
    toLlamaBench: { writing: ratio('writing', 'raw'), reading: ratio('reading', 'raw') },
    toHeadless: { writing: ratio('writing', 'headless') },
    prebuiltToLlamaBench: {
      writing: ratio('writing', 'raw', 'prebuilt'),
      reading: ratio('reading', 'raw', 'prebuilt'),
    },
    toPrebuilt: { writing: ratio('writing', 'prebuilt'), reading: ratio('reading', 'prebuilt') },
    rows,
  };
}

const against = (name, row, other) =>
  row[other]?.[name] === undefined
    ? ''
    : `, ${other} ${row[other][name].toFixed(1)} (${(row.app[name] / row[other][name]).toFixed(2)})`;

function line(row) {
  const speed = (name) =>
    `${name} ${row.app[name].toFixed(1)} tok/s${['raw', 'headless', 'prebuilt'].map((other) => against(name, row, other)).join('')}`;
  return `${speed('writing')}; ${speed('reading')}; first token ${row.app.firstTokenMs.toFixed(0)} ms; stop ${row.app.stopMs.toFixed(0)} ms`;
}

function describe({
  writing,
  reading,
  firstTokenMs,
  stopMs,
  toLlamaBench,
  toHeadless,
  toPrebuilt,
  prebuiltToLlamaBench,
}) {
  const ratios = (label, { writing: w, reading: r }) =>
    w === undefined && r === undefined
      ? []
      : [`${label}: writing ${w.toFixed(2)}${r === undefined ? '' : `, reading ${r.toFixed(2)}`}`];
  return [
    `writing ${writing.toFixed(1)}, reading ${reading.toFixed(0)} tok/s, first token ${firstTokenMs.toFixed(0)} ms, stop ${stopMs.toFixed(0)} ms`,
    ...ratios('to llama-bench', toLlamaBench),
    ...ratios('to the engine without a window', toHeadless),
    ...ratios('to the prebuilt engine', toPrebuilt),
    ...ratios('the prebuilt engine to llama-bench', prebuiltToLlamaBench),
  ].join('; ');
}
