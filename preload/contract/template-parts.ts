/** Owns prompt templates that are written as pieces: their names, and reading them from text; free of zod, so that the page stays small. */
import { t } from './language.js';

/** One form of a conversation, piece by piece. `{system}` and `{date}` are filled in. */
export type TemplateParts = {
  /** The system prompt when none is set. */
  readonly defaultSystem: string;
  /** Without `{system}` in it there is no place for a system prompt. */
  readonly system: string;
  /** Takes the place of `system` when there is no system text. */
  readonly noSystem?: string;
  readonly userPrefix: string;
  readonly userSuffix: string;
  readonly assistantPrefix: string;
  /** Between the head of a reply and its text, where a prompt ends before it. */
  readonly assistantJoin: string;
  readonly assistantSuffix: string;
  /** Where later user turns begin otherwise than the first. */
  readonly nextUserPrefix?: string;
  /** Texts are trimmed. */
  readonly trim?: boolean;
  readonly stop: readonly string[];
};

const needed = [
  ...(['defaultSystem', 'system', 'userPrefix', 'userSuffix'] as const),
  ...(['assistantPrefix', 'assistantJoin', 'assistantSuffix'] as const),
];
const optional = ['noSystem', 'nextUserPrefix'] as const;

/**
 * Reads such a template from JSON; pieces that are missing are empty.
 * @returns a sentence for the user where it is none
 */
export function readParts(text: string): TemplateParts | string {
  let record: Record<string, unknown>;
  try {
    record = Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return t('This is no template of pieces.');
  }
  for (const name of [...needed, ...optional]) {
    if (record[name] !== undefined && typeof record[name] !== 'string')
      return t('{name} must be a text.', { name });
  }
  const { stop = [], trim = false } = record;
  if (!Array.isArray(stop) || !stop.every((each) => typeof each === 'string'))
    return t('stop must be a list of texts.');
  const pick = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, record[name] ?? ''] as const));
  return {
    ...(pick(needed) as Omit<TemplateParts, 'stop'>),
    ...pick(optional.filter((name) => typeof record[name] === 'string')),
    stop,
    ...(trim === true && { trim }),
  };
}

/** As it is kept. */
export const writeParts = (parts: TemplateParts): string => JSON.stringify(parts, null, 2);

/** Two turns in ChatML, to begin a template with. */
export const firstParts: TemplateParts = {
  defaultSystem: '',
  system: '<|im_start|>system\n{system}<|im_end|>\n',
  userPrefix: '<|im_start|>user\n',
  userSuffix: '<|im_end|>\n',
  assistantPrefix: '<|im_start|>assistant\n',
  assistantJoin: '',
  assistantSuffix: '<|im_end|>\n',
  stop: ['<|im_end|>'],
};
