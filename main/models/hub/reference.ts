/** Owns what a text means that was typed or pasted into the hub's search; asks nobody. */
import hub from '../../../resources/catalog/hub.json' with { type: 'json' };

export type HubReference =
  | { readonly kind: 'search'; readonly text: string }
  | { readonly kind: 'repository'; readonly repository: string; readonly revision: string }
  | {
      readonly kind: 'file';
      readonly repository: string;
      readonly revision: string;
      readonly path: string;
    }
  /** A file anywhere on the web. */
  | { readonly kind: 'link'; readonly url: string };

/** One part of `owner/name`, as the hub allows it. */
const part = /^[\w][\w.-]*$/;
/** Links copied from the pages of the hub or a mirror mean the same repositories on the one in use. */
const hubHosts: ReadonlySet<string> = new Set([new URL(hub.endpoint).host, ...hub.otherHosts]);
const usualRevision = 'main';

/**
 * `owner/name` is a repository; so is a link to its page. A link to a file in it is that file. Any other link is a file
 * on the web. All else is searched for.
 * @param endpoint address of the hub or mirror in use
 */
export function readReference(typed: string, endpoint: string): HubReference {
  const text = typed.trim();
  const isHub = (host: string) => host === new URL(endpoint).host || hubHosts.has(host);
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
    const link = new URL(text);
    return (isHub(link.host) ? inHub(link.pathname) : null) ?? { kind: 'link', url: link.href };
  }
  const [host = '', ...path] = text.split('/');
  if (isHub(host)) return inHub(path.join('/')) ?? { kind: 'search', text };
  const [, repository, revision = usualRevision] = /^([^@\s]+)(?:@(\S+))?$/.exec(text) ?? [];
  return repository !== undefined && isRepository(repository)
    ? { kind: 'repository', repository, revision }
    : { kind: 'search', text };
}

function isRepository(text: string): boolean {
  const parts = text.split('/');
  return parts.length === 2 && parts.every((name) => part.test(name) && !name.includes('..'));
}

/** Of `owner/name`, `owner/name/tree/revision` or `owner/name/(blob|resolve|raw)/revision/path/of/file`. */
function inHub(pathname: string): HubReference | null {
  const [owner = '', name = '', verb, revision = usualRevision, ...path] = pathname
    .split('/')
    .filter((step) => step !== '')
    .map(decoded);
  const repository = `${owner}/${name}`;
  if (!isRepository(repository)) return null;
  if (['blob', 'resolve', 'raw'].includes(verb ?? '') && path.length > 0) {
    return { kind: 'file', repository, revision, path: path.join('/') };
  }
  return { kind: 'repository', repository, revision };
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
