/** Owns what a reply came from, in words: all that it takes to make it again. */
import { t } from '../../preload/contract/language.js';
import type { ReplyStats } from '../../preload/contract/chats.js';
import { shortValue } from './origin.js';

export type Fact = {
  readonly what: string;
  readonly value: string;
  /** In full, where `value` is a part of it. */
  readonly whole?: string;
};

const templateNames: Readonly<Record<string, string>> = {
  model: t('the model’s own'),
  server: t('the server’s'),
};

const tokens = (count: number) => t('{count, plural, one {# token} other {# tokens}}', { count });

/** The start of a hash is told apart well enough by eye. */
const short = (hash: string) => hash.slice(0, 12);

const place = (gpu: string | null) =>
  gpu === null ? t('on the processor') : t('on the GPU by {gpu}', { gpu });

/** Of a reply of an earlier version of the app only what it kept. */
export function provenance(stats: ReplyStats): readonly Fact[] {
  const { origin, seed, template, contextSize, promptTokens } = stats;
  const context = {
    what: t('Context'),
    value: tokens(contextSize),
  };
  const ends = [
    { what: t('Template'), value: templateNames[template] ?? template },
    { what: t('Seed'), value: String(seed) },
  ];
  if (origin === null) return [...ends, context, { what: t('Prompt'), value: tokens(promptTokens) }];
  const { model, engine, gpu, server, promptHash, sampling, baseLength } = origin;
  const settings = Object.entries(sampling).map(([name, value]) => `${name} ${shortValue(value)}`);
  return [
    { what: t('Model'), value: model.name },
    server === undefined
      ? { what: t('Model file'), value: short(model.hash), whole: model.hash }
      : { what: t('Server'), value: server },
    ...ends,
    {
      what: t('Settings'),
      value:
        settings.length === 0
          ? t('all at their defaults')
          : t('{settings}; the rest at their defaults', { settings: settings.join(', ') }),
    },
    { what: t('Engine'), value: server === undefined ? `${engine}, ${place(gpu)}` : engine },
    context,
    {
      what: t('Prompt'),
      value: t('{count, plural, one {# token} other {# tokens}}, {hash}', {
        count: promptTokens,
        hash: short(promptHash),
      }),
      whole: promptHash,
    },
    ...reading(stats),
    ...(baseLength > 0
      ? [
          {
            what: t('Begun with'),
            value: t(
              '{count, plural, one {# character that was there} other {# characters that were there}}',
              { count: baseLength },
            ),
          },
        ]
      : []),
  ];
}

/** How fast what was new of the prompt was read. */
function reading({ promptTokens, reusedTokens, readingMs }: ReplyStats): Fact[] {
  const read = promptTokens - reusedTokens - 1;
  if (readingMs === undefined || readingMs <= 0 || read <= 0) return [];
  const speed = Math.round((read * 1000) / readingMs);
  return [
    {
      what: t('Read'),
      value: t('{count, plural, one {# token} other {# tokens}} of it, {speed, number} a second', {
        count: read,
        speed,
      }),
    },
  ];
}

/** For the clipboard: nothing shortened. */
export function provenanceText(stats: ReplyStats): string {
  return provenance(stats)
    .map(({ what, value, whole }) => `${what}: ${whole ?? value}`)
    .join('\n');
}
