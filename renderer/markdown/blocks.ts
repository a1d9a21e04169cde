/** Owns splitting Markdown into blocks while it streams: finished blocks are lexed once and keep their identity. */
import { Marked, type Token } from 'marked';
import remend from 'remend';
import { mathSyntax } from '../../preload/contract/markdown/math-syntax.js';

export type Block = { readonly key: number; readonly token: Token };

/** A later line can still change the last two blocks (a lazy list, a setext heading), never an earlier one. */
const openBlocks = 2;

const marked = new Marked(mathSyntax);
const lex = (source: string): Token[] => marked.lexer(source).filter(({ type }) => type !== 'space');

/** A half-typed formula is shown as it is typed: closed, it would be drawn wrong at each letter. */
const closing = { katex: false };

/** Blocks of a growing text. A text that is not the continued one starts over. */
export class BlockStream {
  #finished: Block[] = [];
  #finishedLength = 0;
  #source = '';

  /**
   * @param source the whole text so far
   * @param streaming true while more may come: half-typed syntax at the end is closed then
   */
  update(source: string, streaming: boolean): Block[] {
    if (!source.startsWith(this.#source)) this.#restart();
    this.#source = source;
    // Links may be defined after their use, so the whole text is lexed once at the end.
    if (!streaming) {
      this.#restart();
      return number(lex(source), 0);
    }
    const tail = source.slice(this.#finishedLength);
    const tokens = marked.lexer(tail);
    for (const token of tokens.slice(0, Math.max(0, tokens.length - openBlocks))) {
      this.#finishedLength += token.raw.length;
      if (token.type !== 'space') this.#finished.push({ key: this.#finished.length, token });
    }
    const open = lex(remend(source.slice(this.#finishedLength), closing));
    return [...this.#finished, ...number(open, this.#finished.length)];
  }

  #restart(): void {
    this.#finished = [];
    this.#finishedLength = 0;
  }
}

const number = (tokens: readonly Token[], first: number): Block[] =>
  tokens.map((token, index) => ({ key: first + index, token }));
