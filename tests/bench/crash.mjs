/** `npm run bench -- crash [--kills N] [--seed N]`: what is lost when the app is killed at random moments while it writes. */
import { crashDrill, wordsPerSecond } from '../fixtures/crash-drill.mjs';
import { machine, percentiles } from './lib/figures.mjs';

/** @param context the arguments and whether to print JSON */
export async function bench({ args, json }) {
  const option = (name, usual) => {
    const at = args.indexOf(`--${name}`);
    return at === -1 ? usual : Number(args[at + 1]);
  };
  const seed = option('seed', Date.now() % 1e6);
  const { missingWords, problems, ...counts } = await crashDrill({ kills: option('kills', 200), seed });
  const missingMs = percentiles(missingWords.map((words) => (words / wordsPerSecond) * 1000));
  if (json) console.log(JSON.stringify({ machine: machine(), seed, ...counts, missingMs, problems }));
  else {
    console.log(
      `kills       ${counts.kills} at random moments of ${counts.replies} replies (--seed ${seed})`,
    );
    console.log(`lost        ${problems.length} of ${counts.chats} chats with their messages`);
    console.log(
      `missing     ${missingMs.p50} ms of the reply being written (half), ${missingMs.p95} ms (p95), ${missingMs.max} ms (most)`,
    );
    for (const problem of problems) console.log(`            ${problem}`);
  }
  return problems.length === 0 && missingMs.max <= 1000 ? 0 : 1;
}
