/** Owns how the pieces of a prompt become tokens: special tokens only where the template writes them, BOS once. */
import type { Token } from 'node-llama-cpp';
import type { Segment } from './templates/template.js';

/** What tokenising needs of a model. */
export type Vocabulary = {
  /** Tokens that stand for a place in a template, by their text: control tokens, and added ones that look like marks. */
  readonly controlTokens: ReadonlyMap<string, Token>;
  /** Entries in all. */
  readonly size: number;
  /** How an entry stands in the file; not always text. */
  readonly nameOf: (token: Token) => string;
  /** Text of each entry; read at the first call. */
  readonly tokenTexts: () => readonly string[];
  readonly bos: Token | null;
  readonly addBos: boolean;
  /** Tokens of plain text; no mark is parsed. */
  readonly tokenize: (text: string) => readonly Token[];
};

/** A stretch of a prompt that is tokenised at once: one mark, or plain text of one source or of several. */
type Piece = {
  readonly text: string;
  readonly mark: Token | null;
  readonly sources: readonly { readonly source: Source; readonly end: number }[];
};
type Source = Segment['source'];

type Detokenize = (tokens: readonly Token[], before: readonly Token[]) => string;

/** A token of a prompt as it is shown. */
export type PromptToken = {
  readonly id: Token;
  /** Empty when an earlier token shows the letter that this one is a part of. */
  readonly text: string;
  /** Whose word it is; where borders fall into a token, its last letter decides. */
  readonly source: Source;
  readonly isMark: boolean;
};

/**
 * Tokens of a prompt. Plain text that stands together is tokenised together, whatever its source: a border between
 * template and user text must not change the tokens. BOS stands once at most, and once where the model wants it.
 */
export function promptTokens(segments: readonly Segment[], vocabulary: Vocabulary): Token[] {
  return piecesOf(segments, vocabulary).flatMap((piece) => tokensOf(piece, vocabulary));
}

/**
 * The same tokens as `promptTokens`, each with its text and its source.
 * @param detokenize text of tokens that stand after others
 */
export function sourcedTokens(
  segments: readonly Segment[],
  vocabulary: Vocabulary,
  detokenize: Detokenize,
): PromptToken[] {
  return piecesOf(segments, vocabulary).flatMap((piece): PromptToken[] =>
    piece.mark === null
      ? plainTokens(piece, tokensOf(piece, vocabulary), detokenize)
      : [{ id: piece.mark, text: piece.text, source: 'template', isMark: true }],
  );
}

function tokensOf({ mark, text }: Piece, { tokenize }: Vocabulary): readonly Token[] {
  return mark === null ? tokenize(text) : [mark];
}

function piecesOf(segments: readonly Segment[], { controlTokens, bos, addBos }: Vocabulary): Piece[] {
  const pieces = split(segments, controlTokens);
  if (bos === null) return pieces;
  const firstOther = pieces.findIndex(({ mark }) => mark !== bos);
  const leading = firstOther < 0 ? pieces.length : firstOther;
  if (leading > 0) return pieces.slice(leading - 1);
  const name = [...controlTokens].find(([, token]) => token === bos)?.[0] ?? '';
  return addBos ? [{ text: name, mark: bos, sources: [] }, ...pieces] : pieces;
}

function split(segments: readonly Segment[], controlTokens: Vocabulary['controlTokens']): Piece[] {
  const pieces: Piece[] = [];
  let text = '';
  let sources: { source: Source; end: number }[] = [];
  const add = (source: Source, more: string) => {
    if (more === '') return;
    text += more;
    sources.push({ source, end: text.length });
  };
  const flush = () => {
    if (text !== '') pieces.push({ text, mark: null, sources });
    text = '';
    sources = [];
  };
  const pattern = controlPattern(controlTokens);
  for (const segment of segments) {
    if (segment.source !== 'template' || pattern === null) {
      add(segment.source, segment.text);
      continue;
    }
    let end = 0;
    for (const match of segment.text.matchAll(pattern)) {
      add('template', segment.text.slice(end, match.index));
      flush();
      pieces.push({ text: match[0], mark: controlTokens.get(match[0])!, sources: [] });
      end = match.index + match[0].length;
    }
    add('template', segment.text.slice(end));
  }
  flush();
  return pieces;
}

/** Bytes of one letter come in at most four tokens. */
const mostTokensOfLetter = 4;

function plainTokens(
  { text, sources }: Piece,
  tokens: readonly Token[],
  detokenize: Detokenize,
): PromptToken[] {
  const shown: PromptToken[] = [];
  let position = 0;
  let at = 0;
  while (at < tokens.length) {
    const before = tokens.slice(Math.max(0, at - 1), at);
    let length = 1;
    let word = detokenize(tokens.slice(at, at + 1), before);
    while (word.endsWith('\uFFFD') && length < mostTokensOfLetter && at + length < tokens.length) {
      length++;
      word = detokenize(tokens.slice(at, at + length), before);
    }
    // SentencePiece puts a space before the first word; it is none of the text's.
    const added = word.startsWith(' ') && !text.startsWith(' ', position) ? 1 : 0;
    position += word.length - added;
    const { source } = sources.find(({ end }) => position <= end) ?? sources.at(-1)!;
    for (let part = 0; part < length; part++) {
      shown.push({ id: tokens[at + part]!, text: part === 0 ? word : '', source, isMark: false });
    }
    at += length;
  }
  return shown;
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
