/** Owns the form of the list that tells of the newest version: its signature and its values. Pure. */
import { t } from '../../preload/contract/language.js';
import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../preload/contract/errors.js';
import type { Release } from '../../preload/contract/updates.js';

export const feedLimitBytes = 64 * 1024;

const feedSchema = z.object({
  version: z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/),
  date: z.iso.date(),
  page: z.url({ protocol: /^https$/ }),
  notes: z.string(),
  files: z.array(
    z.object({
      /** As Node names it. */
      platform: z.string(),
      name: z.string(),
      sizeBytes: z.number().int().positive(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

type Feed = z.infer<typeof feedSchema>;

/**
 * Reads a feed, once it is proven to come from the holder of the key.
 * @param signature of `bytes` by Ed25519, in base64
 * @param publicKey SubjectPublicKeyInfo (RFC 5280, 8410) as DER in base64
 * @throws AppError `server-refused`
 */
export function readFeed(bytes: Buffer, signature: string, publicKey: string): Feed {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  if (!verify(null, bytes, key, Buffer.from(signature, 'base64'))) {
    throw new AppError({
      code: 'server-refused',
      message: t('The list of versions is not signed by the makers of this Altiplano.'),
      hint: t(
        'Nothing of it was used. Try again later; if it stays so, do not install what is offered there.',
      ),
    });
  }
  try {
    return feedSchema.parse(JSON.parse(bytes.toString()));
  } catch (thrown) {
    throw new AppError(
      {
        code: 'server-refused',
        message: t('The list of versions is damaged.'),
        hint: t('Try again later.'),
        details: String(thrown),
      },
      { cause: thrown },
    );
  }
}

/**
 * What a feed offers to this version on this system; null where it is that version.
 * @throws AppError `server-refused` for an older version: who shows an old list may hide a newer one
 */
export function newerRelease(feed: Feed, own: string, platform: NodeJS.Platform): Release | null {
  const order = compareVersions(feed.version, own);
  if (order < 0) {
    throw new AppError({
      code: 'server-refused',
      message: t('The list of versions is older than this Altiplano: it ends with {version}.', {
        version: feed.version,
      }),
      hint: t('Keep the version that you have, and try again later.'),
    });
  }
  if (order === 0) return null;
  const files = feed.files.filter((file) => file.platform === platform);
  return { ...feed, files: files.map(({ name, sizeBytes, sha256 }) => ({ name, sizeBytes, sha256 })) };
}

/** Below 0 where `one` is older than `other`; what follows the three numbers does not count. */
function compareVersions(one: string, other: string): number {
  const [ones, others] = [one, other].map((version) => version.split(/[.+-]/).slice(0, 3).map(Number));
  for (const [at, number] of (ones ?? []).entries()) {
    const difference = number - (others?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
