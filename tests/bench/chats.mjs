/** `npm run bench -- chats [SECTION …]`: how the app stays usable with many and with long chats; the sections are in chats/. */
import { longSection } from './chats/long.mjs';
import { machine } from './lib/figures.mjs';

const sections = { long: longSection };

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
