/**
 * `npm run bench -- cache [--model FILE | --shape NAME …] [--pairs N] [--json]`: what coming back to a long chat costs
 * through the app, from another chat and after a restart, as a share of reading the chat again.
 */
import { parseArgs } from 'node:util';
import { machine, median } from './lib/figures.mjs';
import { benchModels } from './lib/models.mjs';
import { withHome } from './lib/window.mjs';

/** Sentences of about 13 tokens. */
const longChat = (animal) =>
  Array.from({ length: 150 }, (_, index) => `The ${animal} number ${index} weighs ${100 + index} kg.`).join(
    ' ',
  );
const atMost = 0.15;

export async function bench({ electron, starter, args, env, json }) {
  const { values } = parseArgs({
    args,
    options: {
      model: { type: 'string' },
      shape: { type: 'string', multiple: true, default: [] },
      pairs: { type: 'string', default: '3' },
      json: { type: 'boolean' },
    },
  });
  const results = [];
  for (const model of await benchModels(
    values.shape.length > 0 ? values.model : (values.model ?? starter),
    values.shape,
  )) {
    const rows = [];
    for (let pair = 0; pair < Number(values.pairs); pair++) {
      const measure = (gigabytes) => comeBack({ electron, env, model: model.path }, gigabytes);
      const row =
        pair % 2 === 0
          ? { kept: await measure(4), read: await measure(0) }
          : { read: await measure(0), kept: await measure(4) };
      rows.push(row);
      if (!json) console.log(`${model.name}: ${line(row)}`);
    }
    const share = (when) =>
      median(rows.map(({ kept, read }) => kept[when].timeToFirstTokenMs / read[when].timeToFirstTokenMs));
    const result = {
      model: model.name,
      fromChat: share('fromChat'),
      afterRestart: share('afterRestart'),
      rows,
    };
    results.push(result);
    if (!json)
      console.log(
        `median share of reading again: from another chat ${percent(result.fromChat)}, after a restart ${percent(result.afterRestart)} (wanted: at most ${percent(atMost)})`,
      );
  }
  if (json) console.log(JSON.stringify({ machine: machine(), results }));
  else console.log(`on ${machine()}`);
  return results.every(({ fromChat, afterRestart }) => Math.max(fromChat, afterRestart) <= atMost) ? 0 : 1;
}

/** The first tokens of two follow-up turns in a long chat: one after another chat, one after a restart. */
function comeBack(options, promptCacheGigabytes) {
  const settings = { promptCacheGigabytes, contextSize: 4096, sampling: { max_new_tokens: 8, seed: 1 } };
  return withHome({ ...options, settings }, async (open) => {
    let chatId = null;
    const fromChat = await open(async ({ reply }) => {
      ({ chatId } = await reply(null, longChat('llama')));
      await reply(null, longChat('alpaca'));
      return (await reply(chatId, 'And number 7?')).stats;
    });
    const afterRestart = await open(async ({ reply }) => (await reply(chatId, 'And number 8?')).stats);
    return { fromChat, afterRestart };
  });
}

const percent = (share) => `${(share * 100).toFixed(1)} %`;

function line({ kept, read }) {
  const one = (name, when) => {
    const [a, b] = [kept[when], read[when]];
    return `${name} ${a.timeToFirstTokenMs.toFixed(0)} ms (reused ${a.reusedTokens} of ${a.promptTokens} from ${a.reusedFrom}) against ${b.timeToFirstTokenMs.toFixed(0)} ms (${percent(a.timeToFirstTokenMs / b.timeToFirstTokenMs)})`;
  };
  return `${one('from another chat', 'fromChat')}; ${one('after a restart', 'afterRestart')}`;
}
