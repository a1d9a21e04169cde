/** `node scripts/sign-release.mjs FEED.json KEY.pem`: signs the list that tells of a new version, as FEED.json.sig. */
import { signRelease } from './lib/release-signature.mjs';
import { main, say, SetupError } from './lib/say.mjs';

await main(async () => {
  const [feed, key] = process.argv.slice(2);
  if (key === undefined) throw new SetupError('Say what to sign and by which key: FEED.json KEY.pem');
  const publicKey = await signRelease(feed, key);
  say(`Signed: ${feed}.sig\nPublic key: ${publicKey}`);
});
