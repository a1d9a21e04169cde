/** Owns finding what is wrong with a grammar before the engine sees it; free of zod, so that the page stays small. */
import { msg, t, type Message } from './language.js';

/** Larger repetitions are refused by llama.cpp. */
const maxRepetitions = 2000;

/**
 * What is wrong with a grammar in llama.cpp's GBNF (its grammars/README.md), with the line; null when nothing is.
 * An empty text is no grammar.
 */
export function gbnfProblem(text: string): string | null {
  if (text.trim() === '') return null;
  const parser = new Parser(text);
  try {
    return parser.grammar();
  } catch (thrown) {
    if (thrown instanceof GrammarError)
      return t('Line {line}: {problem}', { line: parser.line(thrown.at), problem: thrown.message });
    throw thrown;
  }
}

class GrammarError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

type Rule = {
  readonly at: number;
  /** Rules that may begin it, with nothing before them. */
  readonly starts: Set<string>;
};

class Parser {
  readonly #text: string;
  #at = 0;
  readonly #rules = new Map<string, Rule>();
  /** Where each rule is named first. */
  readonly #named = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  line(at: number): number {
    return this.#text.slice(0, at).split('\n').length;
  }

  grammar(): string | null {
    this.#space(true);
    while (this.#at < this.#text.length) this.#rule();
    for (const [name, at] of this.#named) {
      if (!this.#rules.has(name)) throw new GrammarError(t('there is no rule named “{name}”.', { name }), at);
    }
    if (!this.#rules.has('root'))
      return t('A grammar needs a rule named “root”: it is where a reply begins.');
    for (const [name, { at }] of this.#rules) {
      if (this.#beginsWith(name, name, new Set())) {
        throw new GrammarError(
          t('the rule “{name}” begins with itself, so it would never end.', { name }),
          at,
        );
      }
    }
    return null;
  }

  #beginsWith(name: string, wanted: string, seen: Set<string>): boolean {
    for (const start of this.#rules.get(name)?.starts ?? []) {
      if (start === wanted) return true;
      if (seen.has(start)) continue;
      seen.add(start);
      if (this.#beginsWith(start, wanted, seen)) return true;
    }
    return false;
  }

  #rule(): void {
    const at = this.#at;
    const name = this.#take(/[a-zA-Z0-9-]+/y);
    if (name === null) throw this.#expected(t('the name of a rule'));
    this.#space(false);
    if (this.#take(/::=/y) === null) throw this.#expected(t('“::=” after “{name}”', { name }));
    this.#space(true);
    const rule = { at, starts: new Set<string>() };
    this.#rules.set(name, rule);
    this.#alternates(rule.starts, false);
    if (this.#at < this.#text.length && this.#take(/\r?\n|\r/y) === null) {
      throw this.#expected(t('a new line, or the next part of the rule'));
    }
    this.#space(true);
  }

  /** @returns whether nothing at all may stand here */
  #alternates(starts: Set<string>, nested: boolean): boolean {
    let empty = this.#sequence(starts, nested);
    while (this.#take(/\|/y) !== null) {
      this.#space(true);
      // Each alternative is read, also after one that may be empty.
      empty = this.#sequence(starts, nested) || empty;
    }
    return empty;
  }

  #sequence(starts: Set<string>, nested: boolean): boolean {
    let empty = true;
    for (;;) {
      const found = new Set<string>();
      let itemEmpty = this.#item(found);
      if (itemEmpty === null) return empty;
      this.#space(nested);
      for (;;) {
        const optional = this.#repetition(nested);
        if (optional === null) break;
        itemEmpty ||= optional;
      }
      if (empty) found.forEach((name) => starts.add(name));
      empty &&= itemEmpty;
    }
  }

  /** @returns whether it may be empty; null when no item stands here */
  #item(starts: Set<string>): boolean | null {
    const at = this.#at;
    if (this.#take(/"/y) !== null) {
      while (this.#take(/"/y) === null) this.#character(msg('the end of the string'));
      return this.#at === at + 2;
    }
    if (this.#take(/\[\^?/y) !== null) {
      const end = msg('the end of the set of characters');
      while (this.#take(/\]/y) === null) {
        this.#character(end);
        if (this.#take(/-(?!\])/y) !== null) this.#character(end);
      }
      return false;
    }
    if (this.#take(/\(/y) !== null) {
      this.#space(true);
      const empty = this.#alternates(starts, true);
      if (this.#take(/\)/y) === null) throw this.#expected(t('“)” for the “(” before'));
      return empty;
    }
    if (this.#take(/\.|!?<\[\d+\]>/y) !== null) return false;
    const name = this.#take(/[a-zA-Z0-9-]+/y);
    if (name === null) return null;
    if (!this.#named.has(name)) this.#named.set(name, at);
    starts.add(name);
    return false;
  }

  /** @returns whether it makes the item optional; null when none stands here */
  #repetition(nested: boolean): boolean | null {
    const sign = this.#take(/[*+?]/y);
    if (sign !== null) {
      this.#space(nested);
      return sign !== '+';
    }
    const at = this.#at;
    const braces = this.#take(/\{\s*\d+\s*(?:,\s*\d*\s*)?\}/y);
    if (braces === null) {
      if (this.#text[at] === '{')
        throw this.#expected(
          t('a number of repetitions such as {exact}, {least} or {range}', {
            exact: '{2}',
            least: '{1,}',
            range: '{1,3}',
          }),
        );
      return null;
    }
    const [least, most] = [...braces.matchAll(/\d+/g)].map(Number);
    if (least! > maxRepetitions || (most ?? 0) > maxRepetitions) {
      throw new GrammarError(
        t('more than {count} repetitions can’t be asked for.', { count: maxRepetitions }),
        at,
      );
    }
    if (most !== undefined && most < least!) {
      throw new GrammarError(t('the second number of repetitions is smaller than the first.'), at);
    }
    this.#space(nested);
    return least === 0;
  }

  /** @param end what is missing where the text ends before it */
  #character(end: Message): void {
    if (this.#at >= this.#text.length) throw this.#expected(t(end));
    if (this.#text[this.#at] !== '\\') {
      this.#at++;
      return;
    }
    const escape = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[trn\\"[\]-])/y;
    if (this.#take(escape) === null) {
      throw new GrammarError(
        t('“{escape}” is no known escape.', { escape: this.#text.slice(this.#at, this.#at + 2) }),
        this.#at,
      );
    }
  }

  /** White space and comments. */
  #space(newLines: boolean): void {
    this.#take(newLines ? /(?:[ \t\r\n]|#[^\r\n]*)*/y : /(?:[ \t]|#[^\r\n]*)*/y);
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at += found[0].length;
    return found[0];
  }

  #expected(what: string): GrammarError {
    const found = /[^\r\n]{1,12}/y;
    found.lastIndex = this.#at;
    const there = found.exec(this.#text)?.[0];
    return new GrammarError(
      there === undefined
        ? t('expected {what}, but the line ends.', { what })
        : t('expected {what}, but found “{found}”.', { what, found: there }),
      this.#at,
    );
  }
}
