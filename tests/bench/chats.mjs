/**
 * `npm run bench -- chats [SECTION …] [--messages N]`: searches in a database of 1,000,000 messages, and how the app stays
 * usable with long chats; the sections are in chats/. The database is kept in out/bench/ for the next run.
 */
import { longSection } from './chats/long.mjs';
import { searchSection } from './chats/search.mjs';
import { machine } from './lib/figures.mjs';

const sections = { long: longSection, search: searchSection };

/** @param context the Electron at hand, the display, the arguments and whether to print JSON */
export async function bench({ args, json, ...context }) {
  const say = json ? () => undefined : (line) => console.log(line);
  const named = Object.keys(sections).filter((name) => args.includes(name));
  const results = {};
  for (const name of named.length > 0 ? named : Object.keys(sections)) {
    results[name] = await sections[name]({ ...context, args, say });
  }
  if (json) console.log(JSON.stringify({ machine: machine(), ...results }));
  return Object.values(results).every(({ passed }) => passed) ? 0 : 1;
}
