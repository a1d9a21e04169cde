/**
 * `npm run bench -- speculation [--model FILE] [--draft FILE] [--pairs N] [--json]`: speed of writing through the app with
 * guesses of repeated passages and of a draft model, as a ratio to writing without, on a text to copy and on a story.
 * Without `--draft` the model drafts for itself: that shows the guesses right, and no gain.
 */
import { parseArgs } from 'node:util';
import { machine, median } from './lib/figures.mjs';
import { benchModels } from './lib/models.mjs';
import { withApp } from './lib/window.mjs';

const writtenTokens = 160;
const code = Array.from(
  { length: 8 },
  (_, index) => `function add${index}(first, second) {\n  return first + second * ${index};\n}\n`,
).join('\n');
const tasks = {
  copy: `Repeat this code exactly:\n${code}`,
  story: 'Tell me a very long story about a llama who crosses the Andes.',
};

export async function bench({ electron, starter, args, env, json }) {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string' },
      draft: { type: 'string' },
      pairs: { type: 'string', default: '3' },
      json: { type: 'boolean' },
    },
  });
  const [model] = await benchModels(values.model ?? starter, []);
  const ways = {
    without: {},
    'repeated passages, 4 tokens': { lookUp: 4 },
    'repeated passages, 10 tokens': { lookUp: 10 },
    'draft model, 4 tokens': { draftModelPath: values.draft ?? model.path },
  };
  const rows = [];
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    const row = {};
    const order = Object.entries(ways);
    for (const [way, options] of pair % 2 === 0 ? order : order.reverse())
      row[way] = await write({ electron, env, model: model.path }, options);
    rows.push(row);
  }
  const results = Object.keys(tasks).flatMap((task) =>
    Object.keys(ways).map((way) => ({
      ...{ task, way },
      tokensPerSecond: median(rows.map((row) => row[way][task].stats.tokensPerSecond)),
      ratio: median(
        rows.map((row) => row[way][task].stats.tokensPerSecond / row.without[task].stats.tokensPerSecond),
      ),
      guessesMade: rows[0][way][task].stats.guessesMade,
      guessesTaken: rows[0][way][task].stats.guessesTaken,
      sameText: rows[0][way][task].text === rows[0].without[task].text,
    })),
  );
  if (json) console.log(JSON.stringify({ machine: machine(), model: model.name, results }));
  else {
    for (const result of results) console.log(line(result));
    console.log(`${model.name} on ${machine()}`);
  }
  return 0;
}

/** A reply to each task. */
function write(options, { lookUp = 0, draftModelPath = null }) {
  const sampling = {
    ...{ temperature: 0, repetition_penalty: 1, max_new_tokens: writtenTokens },
    prompt_lookup_num_tokens: lookUp,
  };
  const settings = { sampling, draftModelPath, contextSize: 2048, promptCacheGigabytes: 0 };
  return withApp({ ...options, settings }, async ({ reply }) => {
    await reply(null, 'Say hello.');
    const replies = {};
    for (const [task, text] of Object.entries(tasks)) replies[task] = await reply(null, text);
    return replies;
  });
}

function line({ task, way, tokensPerSecond, ratio, guessesMade, guessesTaken, sameText }) {
  const guesses = guessesMade > 0 ? `, ${guessesTaken} of ${guessesMade} guesses taken` : '';
  const text = sameText ? 'the same text' : 'another text by rounding';
  return `${task}, ${way}: ${tokensPerSecond.toFixed(1)} tok/s (${ratio.toFixed(2)})${guesses}, ${text}`;
}
