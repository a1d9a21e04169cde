/** Owns finding that a model begins to speak as the user, while its reply comes; never stops anything. */
import { families } from '../templates/family-template.js';

/** Heads that good prose may begin a line with too. */
const everyday = ['User:', 'Human:'];

/** Heads of a user's turn in any family of models, as they stand at the start of a line. */
const familyHeads = [
  ...families.flatMap(({ userPrefix, nextUserPrefix }) => [userPrefix, nextUserPrefix ?? '']),
  '### User:',
  '<|user|>',
]
  .map((head) => head.replace(/^<s>/, '').trim().split('\n').at(-1)!)
  .filter((head) => head !== '' && !everyday.includes(head));

const longestHead = Math.max(...[...familyHeads, ...everyday].map(({ length }) => length));

/** Words of a question that asks for several speakers. */
const asksForSpeakers =
  /\b(?:dialog|conversation|chat|script|interview|transcript|scene|screenplay|role-?play|prompt|template)/i;

export class SelfTalk {
  readonly #familyHeads: readonly string[];
  #everyday: readonly string[];
  /** Start of the line that is being written, as far as a head may reach. */
  #line = '';
  #lineStart = 0;
  #end = 0;
  /** The last line that is not empty. */
  #before = '';

  /** @param prompt what the user and the system prompt said: heads that they write themselves are a matter of talk */
  constructor(prompt: readonly string[]) {
    const isNew = (head: string) => !prompt.some((text) => text.includes(head));
    this.#familyHeads = [...new Set(familyHeads)].filter(isNew);
    this.#everyday = prompt.some((text) => asksForSpeakers.test(text)) ? [] : everyday.filter(isNew);
  }

  /**
   * @param inCode whether the text is in a block of code
   * @returns where the head begins, in UTF-16 units from the start; null while there is none
   */
  push(text: string, inCode: boolean): number | null {
    let found: number | null = null;
    for (const piece of text.split(/(?<=\n)/)) {
      // Enough for a head, and to tell a speaker and the end of a sentence.
      this.#line = keepEnds(this.#line + piece);
      this.#end += piece.length;
      if (!inCode) found ??= this.#headOf();
      if (!piece.endsWith('\n')) continue;
      this.#endLine();
    }
    return found;
  }

  #headOf(): number | null {
    if (this.#before === '') return null;
    const starts = (head: string) => this.#line.startsWith(head);
    if (this.#familyHeads.some(starts)) return this.#lineStart;
    // After a sentence, not in a list that a colon opens.
    return this.#everyday.some(starts) && /[.!?…"”’)\]*`]$/.test(this.#before) ? this.#lineStart : null;
  }

  #endLine(): void {
    const line = this.#line.trim();
    // A text with speakers or terms is a script or a list.
    if (/^\W{0,4}[\p{L} .'-]{1,24}:/u.test(line)) this.#everyday = [];
    if (line !== '') this.#before = line;
    this.#line = '';
    this.#lineStart = this.#end;
  }
}

/** A long line without its middle. */
function keepEnds(line: string): string {
  const kept = 2 * longestHead + 32;
  return line.length <= 2 * kept ? line : line.slice(0, kept) + line.slice(-kept);
}
