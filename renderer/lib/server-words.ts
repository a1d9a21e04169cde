/** Owns the words for what a server was found to be. */
import { t } from '../../preload/contract/language.js';
import type { ServerFacts } from '../../preload/contract/connections.js';
import { knownServers, takes, type ServerKind } from '../../preload/contract/server-kinds.js';
import { changedSampling, type ParameterName, type Sampling } from '../../preload/contract/parameters.js';

/** What it is, in one line. */
export function serverLine({ kind, version, models, completes }: ServerFacts): string {
  const what = [knownServers[kind].label, version].filter((part) => part !== null).join(' ');
  const has = t('{count, plural, one {# model} other {# models}}', { count: models.length });
  return `${what} · ${has} · ${completes ? t('goes on with a text as it stands') : t('takes messages only')}`;
}

/** Parameters that are set to something, and that this kind of server is not told. */
export function untold(kind: ServerKind, sampling: Sampling): ParameterName[] {
  const names = Object.keys(changedSampling(sampling)) as ParameterName[];
  return names.filter((name) => !takes(kind, name));
}
