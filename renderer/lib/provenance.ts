/** Owns what a reply came from, in words: all that it takes to make it again. */
import type { ReplyStats } from '../../preload/contract/chats.js';
import { count } from './format.js';
import { shortValue } from './origin.js';

export type Fact = {
  readonly what: string;
  readonly value: string;
  /** In full, where `value` is a part of it. */
  readonly whole?: string;
};

const templateNames: Readonly<Record<string, string>> = {
  model: 'the model’s own',
  server: 'the server’s',
};

/** The start of a hash is told apart well enough by eye. */
const short = (hash: string) => hash.slice(0, 12);

const place = (gpu: string | null) => (gpu === null ? 'on the processor' : `on the GPU by ${gpu}`);

/** Of a reply of an earlier version of the app only what it kept. */
export function provenance(stats: ReplyStats): readonly Fact[] {
  const { origin, seed, template, contextSize, promptTokens } = stats;
  const context = { what: 'Context', value: `${count(contextSize)} tokens` };
  const ends = [
    { what: 'Template', value: templateNames[template] ?? template },
    { what: 'Seed', value: String(seed) },
  ];
  if (origin === null) return [...ends, context, { what: 'Prompt', value: `${count(promptTokens)} tokens` }];
  const { model, engine, gpu, server, promptHash, sampling, baseLength } = origin;
  const settings = Object.entries(sampling).map(([name, value]) => `${name} ${shortValue(value)}`);
  return [
    { what: 'Model', value: model.name },
    server === undefined
      ? { what: 'Model file', value: short(model.hash), whole: model.hash }
      : { what: 'Server', value: server },
    ...ends,
    {
      what: 'Settings',
      value:
        settings.length === 0
          ? 'all at their defaults'
          : `${settings.join(', ')}; the rest at their defaults`,
    },
    { what: 'Engine', value: server === undefined ? `${engine}, ${place(gpu)}` : engine },
    context,
    { what: 'Prompt', value: `${count(promptTokens)} tokens, ${short(promptHash)}`, whole: promptHash },
    ...reading(stats),
    ...(baseLength > 0
      ? [{ what: 'Begun with', value: `${count(baseLength)} characters that were there` }]
      : []),
  ];
}

/** How fast what was new of the prompt was read. */
function reading({ promptTokens, reusedTokens, readingMs }: ReplyStats): Fact[] {
  const read = promptTokens - reusedTokens - 1;
  if (readingMs === undefined || readingMs <= 0 || read <= 0) return [];
  const speed = count(Math.round((read * 1000) / readingMs));
  return [{ what: 'Read', value: `${count(read)} tokens of it, ${speed} a second` }];
}

/** For the clipboard: nothing shortened. */
export function provenanceText(stats: ReplyStats): string {
  return provenance(stats)
    .map(({ what, value, whole }) => `${what}: ${whole ?? value}`)
    .join('\n');
}
