/** `npm run audit`: known weaknesses of the packages, as the registry tells them; where it does not answer, that is said. */
import { audit } from './lib/audit.mjs';
import { main, say } from './lib/say.mjs';

await main(async () => {
  const { text, failed } = audit();
  say(text);
  return failed ? 1 : 0;
});
