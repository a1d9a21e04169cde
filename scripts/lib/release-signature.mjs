/** Owns how a release feed is signed: Ed25519 over the bytes of its file, in base64. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { SetupError } from './say.mjs';

/** Writes FEED.sig beside the feed. @returns the public key as DER in base64, as resources/signing/updates.json has it */
export async function signRelease(feedFile, keyFile) {
  const feed = await readFile(feedFile);
  try {
    JSON.parse(feed.toString());
  } catch (error) {
    throw new SetupError(`${feedFile} is not JSON (${error.message}), so it was not signed.`);
  }
  const key = createPrivateKey(await readFile(keyFile));
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new SetupError(`${keyFile} is no Ed25519 key. Make one: openssl genpkey -algorithm ed25519`);
  }
  await writeFile(`${feedFile}.sig`, `${sign(null, feed, key).toString('base64')}\n`);
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}
