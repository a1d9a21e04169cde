/** Owns the report that a user may copy for others: the program, the machine, settings that are numbers, failures; nothing that was written, no name, no path. Pure. */
import type { EngineStatus } from '../../preload/contract/models.js';
import type { Settings } from '../../preload/contract/settings.js';

export type ReportFacts = {
  /** Names and versions of the programs. */
  readonly versions: Readonly<Record<string, string>>;
  /** What the machine is. */
  readonly machine: Readonly<Record<string, string | number>>;
  readonly status: EngineStatus;
  readonly settings: Settings;
  /** Of the log. */
  readonly problems: readonly string[];
};

/** Settings in which nothing can be written. */
const toldSettings = [
  ...(['contextSize', 'threads', 'gpuLayers', 'kvType', 'draftTokens', 'idleUnloadMinutes'] as const),
  ...(['promptCacheGigabytes', 'guardReplies', 'generateTitles', 'apiOn', 'theme'] as const),
];

export function reportText({ versions, machine, status, settings, problems }: ReportFacts): string {
  const facts = (values: Readonly<Record<string, unknown>>) =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', ');
  return [
    facts(versions),
    facts(machine),
    `engine ${engineWords(status)}`,
    facts(Object.fromEntries(toldSettings.map((name) => [name, settings[name]]))),
    problems.length === 0 ? 'No failures in the log.' : 'Failures, oldest first:',
    ...problems,
    '',
  ].join('\n');
}

function engineWords(status: EngineStatus): string {
  if (status.state === 'failed') return `failed, ${status.error.code}`;
  if (status.state !== 'ready') return status.state;
  const { contextSize, threads, gpu, memory, engine } = status;
  return `ready, ${engine}, ${gpu ?? 'CPU'}, ${threads} threads, context ${contextSize}, weights ${memory.weightsBytes} bytes`;
}
