/** Owns what the hub's API answers, as far as it is read here, and its translation into our own words; asks nobody. */
import { z } from 'zod';
import type { HubSummary } from '../../../preload/contract/hub.js';
import type { HubFile } from './models.js';

const repositorySchema = z.object({
  id: z.string(),
  sha: z.string().optional(),
  downloads: z.number().optional(),
  likes: z.number().optional(),
  lastModified: z.string().optional(),
  gated: z.union([z.boolean(), z.string()]).optional(),
  tags: z.array(z.string()).optional(),
  gguf: z.object({ architecture: z.string().optional() }).nullish(),
});

export const searchAnswerSchema = z.array(repositorySchema);

/** `sha` is the commit that a branch stands at. */
export const repositoryAnswerSchema = repositorySchema.required({ sha: true });

export const treeAnswerSchema = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.number().optional(),
    /** Of files in large file storage; `oid` is the sha256. */
    lfs: z.object({ oid: z.string(), size: z.number() }).optional(),
  }),
);

export function summaryOf(repository: z.infer<typeof repositorySchema>): HubSummary {
  const { id, downloads, likes, lastModified, gated, tags = [], gguf } = repository;
  const updatedAtMs = Date.parse(lastModified ?? '');
  return {
    id,
    downloads: downloads ?? null,
    likes: likes ?? null,
    updatedAtMs: Number.isNaN(updatedAtMs) ? null : updatedAtMs,
    licence: tags.find((tag) => tag.startsWith('license:'))?.slice('license:'.length) ?? null,
    gated: gated !== undefined && gated !== false,
    architecture: gguf?.architecture ?? null,
  };
}

/** The files of a tree; those with a path that leads elsewhere are left out. */
export function filesOf(tree: z.infer<typeof treeAnswerSchema>): HubFile[] {
  return tree
    .filter(({ type, path }) => type === 'file' && isPlainPath(path))
    .map(({ path, size, lfs }) => ({
      path,
      sizeBytes: lfs?.size ?? size ?? null,
      sha256: /^[\da-f]{64}$/.test(lfs?.oid ?? '') ? lfs!.oid : null,
    }));
}

/** Of names only, none of which climbs. */
function isPlainPath(path: string): boolean {
  // eslint-disable-next-line no-control-regex -- that is what must not be in it
  return !/[\\\u0000-\u001f]/.test(path) && path.split('/').every((step) => !['', '.', '..'].includes(step));
}

/** The cursor in `Link: <address>; rel="next"` (RFC 8288); only that is taken of the address. Null at the end. */
export function nextCursor(link: string | null): string | null {
  const address = /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  return address !== undefined && URL.canParse(address) ? new URL(address).searchParams.get('cursor') : null;
}
