/** Section of `npm run bench -- chats`: how long searches of every kind take in the app's own thread, and what the index costs. */
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { inProject } from '../../../scripts/lib/paths.mjs';
import { percentiles } from '../lib/figures.mjs';
import { chatDatabase, models, openedByApp } from './data.mjs';
import { language, randomNumbers } from './words.mjs';

const limitMs = 50;
const ofEachKind = 40;

/** @param args with `--messages N` for another size than the 1,000,000 that the limit is for */
export async function searchSection({ args, say }) {
  const at = args.indexOf('--messages');
  const messages = at < 0 ? 1_000_000 : Number(args[at + 1]);
  const { path, isNew } = await chatDatabase({
    name: `chats-${messages}`,
    messages,
    chats: Math.ceil(messages / 50),
  });
  if (isNew) say(`made ${(statSync(path).size / 1e6).toFixed(0)} MB of chats`);
  const indexing = await indexAll(path, say);
  const size = sizes(path);
  const worker = new Worker(inProject('out', 'main', 'search.js'), { workerData: { path } });
  const find = async (query, from = null) => {
    const started = performance.now();
    worker.postMessage({ query, from });
    const [answer] = await once(worker, 'message');
    if (!answer.ok) throw new Error(answer.error.message);
    return { ms: performance.now() - started, page: answer.value };
  };
  await find('warm up');
  const kinds = {};
  const all = [];
  for (const [kind, queries] of Object.entries(queriesOf(randomNumbers(11)))) {
    const times = [];
    let found = 0;
    for (const query of queries) {
      const { ms, page } = await find(query);
      times.push(ms);
      found += page.chats.reduce((sum, { hits }) => sum + hits.length, 0);
    }
    all.push(...times);
    kinds[kind] = { ...percentiles(times), foundOnAverage: Math.round(found / queries.length) };
    const { p50, p95, max } = kinds[kind];
    say(
      `${kind.padEnd(34)} p50 ${p50.toFixed(1).padStart(5)}  p95 ${p95.toFixed(1).padStart(5)}  max ${max.toFixed(1).padStart(5)} ms  found ${kinds[kind].foundOnAverage}`,
    );
  }
  const whole = await toTheEnd(find, 'the model:"no such model" ');
  worker.postMessage('close');
  await once(worker, 'exit');
  const result = { messages, ...percentiles(all), limitMs, kinds, indexing, size, whole };
  say(
    `searches of ${messages.toLocaleString('en-US')} messages: p50 ${result.p50.toFixed(1)}, p95 ${result.p95.toFixed(1)} (at most ${limitMs}), max ${result.max.toFixed(1)} ms\n` +
      `the worst case, a common word with a filter that nothing passes, to the end: ${whole.answers} answers, ${whole.ms.toFixed(0)} ms in all, the longest ${whole.longestMs.toFixed(1)} ms\n` +
      `index ${size.indexMB.toFixed(0)} MB beside ${size.restMB.toFixed(0)} MB of chats, of which text ${size.textMB.toFixed(0)} MB`,
  );
  return { ...result, passed: result.p95 <= limitMs };
}

/** Lets the app's own thread make the index, as after an update, while messages are saved beside it. */
async function indexAll(path, say) {
  const look = new Sqlite(path, { readonly: true });
  const left = look.prepare('SELECT count(*) FROM search_queue').pluck();
  const total = left.get();
  if (total === 0) {
    look.close();
    return null;
  }
  const app = await openedByApp(path);
  const started = performance.now();
  const saving = [];
  for (let round = 0; left.get() > 0; round++) {
    const asked = performance.now();
    await app.ask('createChat');
    saving.push(performance.now() - asked);
    if (round % 60 === 59) say(`indexed ${(total - left.get()).toLocaleString('en-US')}`);
    await delay(500);
  }
  const seconds = (performance.now() - started) / 1000;
  await app.close();
  look.close();
  const result = { documents: total, seconds, savingMs: percentiles(saving) };
  say(
    `indexed ${total.toLocaleString('en-US')} messages and titles in ${seconds.toFixed(0)} s, half of the time resting; saving meanwhile took p95 ${result.savingMs.p95.toFixed(0)}, max ${result.savingMs.max.toFixed(0)} ms`,
  );
  return result;
}

function sizes(path) {
  const db = new Sqlite(path, { readonly: true });
  const pageSize = db.pragma('page_size', { simple: true });
  const indexMB =
    db.prepare(`SELECT sum(length(block)) FROM search_index_data`).pluck().get() / 1e6 +
    db.prepare(`SELECT count(*) FROM search_index_docsize`).pluck().get() * 1e-5;
  const textMB = db.prepare('SELECT sum(length(text)) FROM messages').pluck().get() / 1e6;
  const allMB = (db.pragma('page_count', { simple: true }) * pageSize) / 1e6;
  db.close();
  return { indexMB, textMB, restMB: allMB - indexMB };
}

/** The answers that it takes to look through all messages. */
async function toTheEnd(find, query) {
  const times = [];
  for (let from = null, isFirst = true; isFirst || from !== null; isFirst = false) {
    const { ms, page } = await find(query, from);
    times.push(ms);
    from = page.next;
  }
  return { answers: times.length, ms: times.reduce((sum, ms) => sum + ms, 0), longestMs: Math.max(...times) };
}

function queriesOf(random) {
  const { vocabulary, say } = language(randomNumbers(7));
  const pick = (list) => list[Math.floor(random() * list.length)];
  const times = (make) => Array.from({ length: ofEachKind }, make);
  const usual = () => vocabulary[200 + Math.floor(random() * 3000)];
  const rare = () => vocabulary[20_000 + Math.floor(random() * 40_000)];
  const common = () => vocabulary[Math.floor(random() * 30)];
  return {
    'a very common word': times(() => `${common()} `),
    'a usual word': times(() => `${usual()} `),
    'a rare word': times(() => `${rare()} `),
    'no such word': times(() => `${rare()}qx `),
    'one letter': times((_, index) => String.fromCharCode(97 + (index % 26))),
    'two letters': times(() => say().slice(0, 2)),
    'three letters': times(() => say().slice(0, 3)),
    'a word as it is typed': times(() => {
      const word = usual();
      return word.slice(0, 4 + Math.floor(random() * Math.max(1, word.length - 4)));
    }),
    'common words together': times(() => `${common()} ${common()} ${common()} `),
    'usual words together': times(() => `${usual()} ${usual()} `),
    'a rare and a common word': times(() => `${rare()} ${common()} `),
    'a common word and one letter': times(() => `${common()} ${pick('abcdefghilmnoprstuw')}`),
    'a phrase of common words': times(() => `"${common()} ${common()}"`),
    'a phrase that is nowhere': times(() => `"${common()} ${common()} ${common()} ${common()} ${common()}"`),
    'a common word by a model': times(() => `${common()} model:"${pick(models)}"`),
    'a common word of early days': times(() => `${common()} before:2023-02`),
    'a common word without another': times(() => `${common()} -${common()}`),
    'a filter alone': times(() => `role:user model:"no model" after:2024`),
    'signs alone': times(() => pick(['->', '::', '{}', '=>'])),
  };
}
