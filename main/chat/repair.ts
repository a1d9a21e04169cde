/** Owns how a reply that the guard stopped is written again so that it goes better; never decides that it is. */
import type { Message } from '../../preload/contract/chats.js';
import { parameters, type Sampling } from '../../preload/contract/parameters.js';
import { parseStrings } from '../../preload/contract/text-formats.js';

/** DRY as its author advises it, and a usual penalty: where these are in force already, half as much again. */
const firstDry = 0.8;
const firstPenalty = 1.15;

/**
 * The parameters for another version of a reply.
 * @returns against repetition: stronger DRY and repetition penalty; against self-talk: its head as a stopping string
 */
export function repairedSampling(
  sampling: Sampling,
  { stats, text }: Pick<Message, 'stats' | 'text'>,
): Sampling {
  const from = stats?.troubleFrom;
  if (from === undefined) return sampling;
  if (stats?.stopReason === 'self-talk') {
    const stops = parseStrings(sampling.custom_stopping_strings) ?? [];
    const added = `\n${headAt(text.slice(from))}`;
    return {
      ...sampling,
      custom_stopping_strings: [...stops, added].map((stop) => JSON.stringify(stop)).join(', '),
    };
  }
  const { dry_multiplier, repetition_penalty } = sampling;
  const stronger = (value: number, neutral: number, first: number, max: number) =>
    Math.min(max, value < first ? first : neutral + (value - neutral) * 1.5);
  return {
    ...sampling,
    dry_multiplier: stronger(dry_multiplier, 0, firstDry, parameters.dry_multiplier.max),
    repetition_penalty: stronger(repetition_penalty, 1, firstPenalty, parameters.repetition_penalty.max),
  };
}

/** The head of a turn without its words: up to a colon or the end of a mark. */
function headAt(text: string): string {
  return /^(?:<\|\w+\|>(?:user)?|\[\w+\]|[^\n:]{1,40}:)/.exec(text)?.[0] ?? text.slice(0, 12);
}
