/** Owns what the API needs of the program around it: a model that writes, and its tokens; knows nothing of HTTP. */
import type { ReplyStats } from '../../preload/contract/chats.js';
import type { Prompt } from '../../preload/contract/engine.js';
import type { Sampling } from '../../preload/contract/parameters.js';
import type { WrittenToken } from '../../preload/contract/tokens.js';

export type Job = {
  readonly prompt: Prompt;
  readonly sampling: Sampling;
  /** Tells what the model gave each token, and so many of the likeliest at its place; absent: nothing of it. */
  readonly topTokens?: number;
};
/** Hears all that is written so far, whenever it grows, and the tokens that it grew by where those were asked for. */
type OnText = (soFar: string, tokens: readonly WrittenToken[]) => void;
export type Written = { readonly text: string; readonly stats: ReplyStats };

export type Backend = {
  /** Name of the model that answers; null = none is chosen. */
  readonly modelName: () => Promise<string | null>;
  /** Tokens that it takes; null = not known, or none is loaded. */
  readonly contextSize: () => number | null;
  /** The parameters of a request that says nothing of them. */
  readonly sampling: () => Promise<Sampling>;
  /**
   * @throws AppError cancelled when the signal came before the first word; whatever else goes wrong
   */
  readonly generate: (job: Job, onText: OnText, signal: AbortSignal) => Promise<Written>;
  /** Numbers of the tokens of a text, without a mark before it. @param marks whether the names of special tokens are those tokens */
  readonly tokenize: (text: string, marks: boolean) => Promise<readonly number[]>;
  readonly detokenize: (tokens: readonly number[]) => Promise<string>;
  /** One vector for each text, of length 1, and how many tokens they had together. */
  readonly embed: (texts: readonly string[]) => Promise<Embedded>;
};

type Embedded = { readonly vectors: readonly (readonly number[])[]; readonly tokens: number };

/**
 * The text as it comes, told piece by piece. Whoever is gone, or stops taking pieces, stops the model; whoever takes them slowly does not hold it up: what
 * is written waits here.
 */
export async function* pieces(
  backend: Backend,
  job: Job,
  tell: (piece: string, tokens: readonly WrittenToken[]) => readonly string[],
  gone: AbortSignal,
): AsyncGenerator<string, Written> {
  const stopping = new AbortController();
  let soFar = '';
  let given = 0;
  let tokens: WrittenToken[] = [];
  let end: Written | null = null;
  let failure: { readonly thrown: unknown } | null = null;
  let wake = (): void => undefined;
  const hear: OnText = (text, more) => {
    soFar = text;
    tokens.push(...more);
    wake();
  };
  const either = AbortSignal.any([gone, stopping.signal]);
  const work = backend.generate(job, hear, either).then(
    (written) => {
      end = written;
      hear(written.text, []);
    },
    (thrown: unknown) => {
      failure = { thrown };
      wake();
    },
  );
  try {
    for (;;) {
      if (soFar.length > given || tokens.length > 0) {
        const [piece, told] = [soFar.slice(given), tokens];
        given = soFar.length;
        tokens = [];
        yield* tell(piece, told);
      } else if (failure !== null) {
        throw (failure as { readonly thrown: unknown }).thrown;
      } else if (end !== null) {
        return end;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    stopping.abort();
    await work;
  }
}
