/**
 * `npm run bench -- api [--minutes N] [--clients N]`: many clients at once against the local API, some of which go away or
 * read slowly; whether each is answered, how long it takes, and whether the memory of the server stays as it is.
 */
import { execFile, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { machine, median, percentiles } from './lib/figures.mjs';

const program = fileURLToPath(new URL('../../out/main/serve.js', import.meta.url));
const key = 'bench';
const sampleEveryMs = 2000;
const slowReadMs = 100;
/** Megabytes that the server may have more in the last quarter of the time than in the second one: what V8 has not collected swings by more. */
const mostGrowth = 32;
/** Which kind each client is, in turn. */
const kinds = ['whole', 'whole', 'whole', 'stream', 'stream', 'slow', 'gone', 'gone in the queue'];

/** @param context the starter model, the arguments and whether to print JSON */
export async function bench({ starter, args, json }) {
  const option = (name, usual) => {
    const at = args.indexOf(`--${name}`);
    return at === -1 ? usual : Number(args[at + 1]);
  };
  const [minutes, clients] = [option('minutes', 10), option('clients', 64)];
  const server = await startServer(starter);
  try {
    const result = await soak(server, minutes, clients);
    const isGood = result.failures.length === 0 && result.memory.grownMegabytes <= mostGrowth;
    if (json) console.log(JSON.stringify({ machine: machine(), minutes, clients, ...result }));
    else print(result, minutes, clients);
    return isGood ? 0 : 1;
  } finally {
    server.child.kill();
  }
}

/** The process of `npm run serve`; see scripts/lib/program.mjs. */
async function startServer(model) {
  const child = spawn(
    process.execPath,
    [program, '--model', model, '--port', '0', '--key', key, '--context', '1024'],
    { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, UV_THREADPOOL_SIZE: '1' } },
  );
  let said = '';
  for await (const piece of child.stdout) {
    said += piece;
    const [, url] = /at (http:\S+)/.exec(said) ?? [];
    if (url !== undefined) return { child, url };
  }
  throw new Error('The server ended before it listened.');
}

async function soak(server, minutes, clients) {
  const until = performance.now() + minutes * 60_000;
  const done = new Map(kinds.map((kind) => [kind, []]));
  const failures = [];
  const samples = [];
  const sampling = setInterval(() => {
    void residentMegabytes(server.child.pid).then((megabytes) => samples.push(megabytes));
  }, sampleEveryMs);
  const work = async (client) => {
    const kind = kinds[client % kinds.length];
    for (let turn = 0; performance.now() < until; turn++) {
      const startMs = performance.now();
      try {
        await asks[kind](server, `I am client ${client}. This is question ${turn}. What do llamas eat?`);
        done.get(kind).push(performance.now() - startMs);
      } catch (thrown) {
        failures.push(`${kind}: ${thrown.cause ?? thrown}`);
        if (server.child.exitCode !== null) return;
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => work(client)));
  clearInterval(sampling);
  // Nothing of those who went away is left in the queue.
  const startMs = performance.now();
  await whole(server, 'Are you still there?').catch((thrown) => failures.push(`at the end: ${thrown}`));
  const afterMs = performance.now() - startMs;
  const all = [...done.values()].flat();
  return {
    ...{ requests: all.length + failures.length, failed: failures.length, failures: failures.slice(0, 20) },
    kinds: Object.fromEntries(
      [...done].map(([kind, times]) => [kind, { requests: times.length, ...percentiles(times) }]),
    ),
    ...{ afterMs, memory: memoryOf(samples) },
  };
}

function memoryOf(samples) {
  const quarter = (index) => {
    const part = samples.slice((index * samples.length) / 4, ((index + 1) * samples.length) / 4);
    return median(part);
  };
  return {
    megabytes: [0, 1, 2, 3].map(quarter),
    grownMegabytes: quarter(3) - quarter(1),
    slopeMegabytesPerMinute: slope(samples.slice(samples.length / 4)) * (60_000 / sampleEveryMs),
  };
}

/** Of the line through the values with the least squares, by one step. */
function slope(values) {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const above = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0);
  return above / values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
}

async function residentMegabytes(pid) {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}

const asks = {
  whole,
  stream: (server, text) => stream(server, text, () => undefined),
  slow: (server, text) => stream(server, text, () => delay(slowReadMs)),
  gone: (server, text) => leave(server, text, (stop) => stop()),
  'gone in the queue': (server, text) => leave(server, text, () => undefined, Math.random() * 500),
};

async function whole(server, text) {
  const answer = await (await post(server, text, false)).json();
  const [{ message, finish_reason }] = answer.choices;
  if (typeof message.content !== 'string' || !['stop', 'length'].includes(finish_reason))
    throw new Error(`no answer: ${JSON.stringify(answer)}`);
}

async function stream(server, text, onPiece) {
  const response = await post(server, text, true);
  let said = '';
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    said += piece;
    await onPiece();
  }
  if (!said.endsWith('data: [DONE]\n\n') || said.includes('"error"'))
    throw new Error(`a stream without its end: ${said.slice(-300)}`);
}

/** Goes away at its first word, or after a while without any. */
async function leave(server, text, onWord, afterMs) {
  const controller = new AbortController();
  const stop = () => controller.abort();
  if (afterMs !== undefined) setTimeout(stop, afterMs);
  try {
    const response = await post(server, text, true, controller.signal);
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      if (piece.includes('"delta":{"content":')) onWord(stop);
    }
  } catch (thrown) {
    if (!controller.signal.aborted) throw thrown;
  }
}

async function post({ url }, content, isStream, signal) {
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ messages: [{ role: 'user', content }], max_tokens: 8, stream: isStream }),
    signal,
  });
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return response;
}

function print({ requests, failed, failures, kinds: byKind, afterMs, memory }, minutes, clients) {
  const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
  console.log(`${clients} clients for ${minutes} minutes on ${machine()}`);
  console.log(`requests    ${requests}, ${failed} failed (must be 0)`);
  for (const [kind, { requests: count, p50, p95, max }] of Object.entries(byKind)) {
    if (count === 0) continue;
    console.log(
      `  ${kind.padEnd(18)} ${String(count).padStart(6)}, p50 ${seconds(p50)}, p95 ${seconds(p95)}, longest ${seconds(max)}`,
    );
  }
  console.log(`afterwards  one request takes ${seconds(afterMs)}`);
  console.log(
    `memory      ${memory.megabytes.map((each) => each.toFixed(0)).join(', ')} MB in the quarters of the time; ${memory.grownMegabytes.toFixed(1)} MB more in the last than in the second (at most ${mostGrowth}), ${memory.slopeMegabytesPerMinute.toFixed(2)} MB a minute`,
  );
  for (const failure of failures) console.log(`            ${failure}`);
}
