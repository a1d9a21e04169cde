/** Owns what the formats for people say, in words: who speaks, when, what was measured, and what a branch is. Pure. */
import { t } from '../../../preload/contract/language.js';
import type { OwnMessage } from '../own-format.js';
import type { ExportedChat } from './source.js';
import { branchesBeside } from './tree.js';

/** Messages that are told one after another. */
type Section = {
  /** Null for the path that is shown. */
  readonly title: string | null;
  readonly messageIds: readonly string[];
};

/** The path that is shown, then each branch beside it. */
export function sectionsOf({ nodes, path }: ExportedChat): Section[] {
  const branches = branchesBeside(nodes, path).map(({ ids, firstPosition }) => ({
    title: t('Another version, from message {number} on', { number: firstPosition }),
    messageIds: ids,
  }));
  return [{ title: null, messageIds: path }, ...branches];
}

export const speakerOf = ({ role, model }: Pick<OwnMessage, 'role' | 'model'>, metadata: boolean): string =>
  role === 'user' ? t('You') : ((metadata ? model : null) ?? t('Assistant'));

/** To the minute, the same for everyone who reads it. */
const timeOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What is known of a chat besides its messages, by name. */
export function aboutChat({ head, folder }: ExportedChat): [name: string, value: string][] {
  const { createdAt, tags, level } = head;
  return [
    [t('Begun'), timeOf(createdAt)],
    ...(folder === null ? [] : [[t('Folder'), folder] as [string, string]]),
    ...(tags.length === 0 ? [] : [[t('Tags'), tags.join(', ')] as [string, string]]),
    ...(level.systemPrompt === null ? [] : [[t('System prompt'), level.systemPrompt] as [string, string]]),
  ];
}

/** What is known of a message besides its text, in one line. */
export function aboutMessage({ createdAt, editedAt, stats }: OwnMessage): string {
  const edited = editedAt === null ? [] : [t('edited {time}', { time: timeOf(editedAt) })];
  const measured =
    stats === null
      ? []
      : [
          t('{count} tokens', { count: stats.tokens }),
          t('{speed} tok/s', { speed: stats.tokensPerSecond.toFixed(1) }),
          t('seed {seed}', { seed: stats.seed }),
          t('template {template}', { template: stats.template }),
        ];
  return [timeOf(createdAt), ...edited, ...measured].join(' · ');
}

/** The files of a message, by name. */
export const attachedNames = ({ attachments }: OwnMessage): string | null =>
  attachments.length === 0
    ? null
    : t('Attached: {names}', { names: attachments.map(({ name }) => name).join(', ') });
