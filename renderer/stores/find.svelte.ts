/** Owns what is looked for in the open chat, what was found and which place is the one gone to; main looks. */
import { countIn, shownText, sought } from '../../preload/contract/find-text.js';
import type { FoundMessage } from '../../preload/contract/branches.js';
import type { ErrorData } from '../../preload/contract/errors.js';
import { splitThinking } from '../../preload/contract/thinking.js';
import { firstPlace, neighbour, numberOf, totalOf, withLive, type FoundPlace } from '../lib/find.js';
import { beginningOf } from '../lib/long-text.js';
import { request, toErrorData } from '../services/api.js';
import { runs } from './runs.svelte.js';
import { thread } from './thread.svelte.js';
import { unfolded } from './unfolded.js';

/** While someone types on, nobody reads what was found. */
const typingMs = 60;

class Find {
  isOpen = $state(false);
  query = $state('');
  /** Whether other branches are gone through too. */
  everywhere = $state(false);
  /** Counts up when the box should take the focus. */
  focusRequests = $state(0);
  place = $state.raw<FoundPlace | null>(null);
  error = $state.raw<ErrorData | null>(null);
  /** The query that was answered last. */
  answered = $state('');
  /** The first message in view; the conversation tells it. */
  firstInView: () => string | undefined = () => undefined;
  readonly sought = $derived(this.isOpen ? sought(this.query) : null);
  #all = $state.raw<readonly FoundMessage[]>([]);
  #live = $state.raw<{ readonly messageId: string; readonly count: number } | null>(null);
  #answer: Promise<void> = Promise.resolve();
  #asked = 0;
  /** Something new is looked for: its first place is gone to, whatever else asks meanwhile. */
  #isWaitingToGo = false;

  readonly #withLive = $derived(
    this.#live === null ? this.#all : withLive(this.#all, this.#live.messageId, this.#live.count),
  );
  readonly #found = $derived(
    this.everywhere ? this.#withLive : this.#withLive.filter(({ isOnPath }) => isOnPath),
  );
  readonly total = $derived(totalOf(this.#found));
  /** Places on branches that are not shown. */
  readonly elsewhere = $derived(totalOf(this.#withLive.filter(({ isOnPath }) => !isOnPath)));
  readonly number = $derived(this.place === null ? null : numberOf(this.#found, this.place));

  /** @param text what to look for; absent = what was looked for last */
  open(text?: string): void {
    this.isOpen = true;
    this.focusRequests++;
    if (text !== undefined) this.query = text;
    this.#isWaitingToGo ||= text !== undefined;
    this.#answer = this.#later(0);
  }

  close(): void {
    this.isOpen = false;
    this.place = null;
    this.#forget();
  }

  /** Looks for something else as soon as the typing pauses, and goes to the first place. */
  set(query: string): void {
    this.query = query;
    this.#isWaitingToGo = true;
    this.#answer = this.#later(typingMs);
  }

  /** Looks again: messages came, went or changed. */
  refresh(): void {
    if (this.isOpen) this.#answer = this.#later(typingMs);
  }

  /** Looks at the reply that is being written. */
  countLive(): void {
    const run = runs.ofChat(thread.chatId);
    const isShown = run !== undefined && thread.messages.at(-1)?.id === run.messageId;
    const { messageId, text } = isShown ? run : { messageId: null, text: '' };
    const count = this.sought === null ? 0 : countIn(shownText(text), this.sought);
    this.#live = messageId === null ? null : { messageId, count };
  }

  /** Goes to the next place, or to the one before; at first to where the reader is. */
  async go(step: 1 | -1): Promise<void> {
    if (!this.isOpen) this.open();
    await this.#answer;
    const now = this.place;
    const next = now === null ? undefined : neighbour(this.#found, now, step);
    await this.#show(next ?? this.#first());
  }

  /** Another choice of branches: the place that one is at stays when it is among them. */
  toggleEverywhere(): void {
    this.everywhere = !this.everywhere;
    if (this.number === null) void this.#show(this.#first());
  }

  #first(): FoundPlace | null {
    const path = thread.messages.map(({ id }) => id);
    return firstPlace(this.#found, path, this.firstInView(), this.place);
  }

  async #later(delayMs: number): Promise<void> {
    const asked = ++this.#asked;
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    // Who waits for this answer waits for the one to the later question.
    await (asked === this.#asked ? this.#ask(asked) : this.#answer);
  }

  async #ask(asked: number): Promise<void> {
    const { chatId } = thread;
    const { query } = this;
    try {
      const text = query.trim();
      const all = chatId === null || text === '' ? [] : await request('chats.find', { chatId, text: query });
      if (asked !== this.#asked) return;
      this.#all = all;
      this.error = null;
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.#all = [];
      this.error = toErrorData(thrown);
    }
    this.answered = query;
    this.countLive();
    if (!this.#isWaitingToGo) return;
    this.#isWaitingToGo = false;
    await this.#show(this.#first());
  }

  async #show(place: FoundPlace | null): Promise<void> {
    this.place = place;
    if (place === null) return;
    await thread.bring(place.messageId);
    if (this.place !== place) return;
    this.#unfold(place);
    thread.revealed = { messageId: place.messageId, place: place.index };
  }

  /** Opens what hides the place: the thinking, or the rest of a long text. */
  #unfold({ messageId, index }: FoundPlace): void {
    const message = thread.messages.find(({ id }) => id === messageId);
    const wanted = this.sought;
    if (message === undefined || wanted === null) return;
    const isReply = message.role === 'assistant';
    const text = runs.ofMessage(messageId)?.text ?? message.text;
    const { thinking, answer } = isReply ? splitThinking(text) : { thinking: null, answer: text };
    const before = thinking === null ? 0 : countIn(shownText(thinking), wanted);
    if (index < before) {
      unfolded.thoughts.add(messageId);
      return;
    }
    const countUpTo = (length: number) => countIn(shownText(beginningOf(answer, length)), wanted);
    while (unfolded.lengthOf(messageId) < answer.length) {
      if (before + countUpTo(unfolded.lengthOf(messageId)) > index) return;
      unfolded.showMore(messageId);
    }
  }

  #forget(): void {
    this.#asked++;
    this.#all = [];
    this.#live = null;
    this.answered = '';
  }
}

export const find = new Find();
