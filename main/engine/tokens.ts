/** Owns how the pieces of a prompt become tokens: special tokens only where the template writes them, BOS once. */
import type { Token } from 'node-llama-cpp';
import type { Segment } from './templates/template.js';

/** What tokenising needs of a model. */
export type Vocabulary = {
  /** Tokens that stand for a place in a template, by their text: control tokens, and added ones that look like marks. */
  readonly controlTokens: ReadonlyMap<string, Token>;
  /** Entries in all. */
  readonly size: number;
  /** Text of each entry; read at the first call. */
  readonly tokenTexts: () => readonly string[];
  readonly bos: Token | null;
  readonly addBos: boolean;
  /** Tokens of plain text; no mark is parsed. */
  readonly tokenize: (text: string) => readonly Token[];
};

/**
 * Tokens of a prompt. Plain text that stands together is tokenised together, whatever its source: a border between
 * template and user text must not change the tokens.
 */
export function promptTokens(segments: readonly Segment[], vocabulary: Vocabulary): Token[] {
  const { controlTokens, bos, addBos, tokenize } = vocabulary;
  const tokens: Token[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') tokens.push(...tokenize(plain));
    plain = '';
  };
  const pattern = controlPattern(controlTokens);
  for (const { source, text } of segments) {
    if (source !== 'template' || pattern === null) {
      plain += text;
      continue;
    }
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      plain += text.slice(end, match.index);
      flush();
      tokens.push(controlTokens.get(match[0])!);
      end = match.index + match[0].length;
    }
    plain += text.slice(end);
  }
  flush();
  if (addBos && bos !== null && tokens[0] !== bos) tokens.unshift(bos);
  return tokens;
}

/**
 * The tokens at which a reply ends because a stop string begins with them: a mark is no text, so that its stop string
 * would never be found in the reply.
 */
export function stopTokens(
  stops: readonly string[],
  { controlTokens }: Pick<Vocabulary, 'controlTokens'>,
): ReadonlySet<Token> {
  const pattern = controlPattern(controlTokens);
  const found = stops.flatMap((stop) => {
    const match = pattern === null ? null : stop.matchAll(pattern).next().value;
    return match?.index === 0 ? [controlTokens.get(match[0])!] : [];
  });
  return new Set(found);
}

const patterns = new WeakMap<ReadonlyMap<string, Token>, RegExp | null>();

/** Matches any control token, longest first. */
function controlPattern(tokens: ReadonlyMap<string, Token>): RegExp | null {
  const known = patterns.get(tokens);
  if (known !== undefined) return known;
  const names = [...tokens.keys()].filter((name) => name !== '').sort((a, b) => b.length - a.length);
  const escaped = names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = escaped.length === 0 ? null : new RegExp(escaped.join('|'), 'g');
  patterns.set(tokens, pattern);
  return pattern;
}
