/** Owns whose turn with the model it is: one piece of work at a time, fairly among chats; never the work itself. */
import { stoppedBeforeStart } from '../engine/stopped.js';

export type Ticket = {
  /** What the page calls it, and by which `leave` takes it back. */
  readonly id: string;
  /** For whom the work is, such as a chat: those that wait are served in rounds, each once a round. */
  readonly lane: string;
  /** Background work begins only when nobody waits for anything else; once it has begun, it is not interrupted. */
  readonly priority: 'person' | 'background';
};

type Waiting = Ticket & {
  begin(): void;
  giveUp(reason: unknown): void;
};

const ranks = { person: 0, background: 1 } as const;

/**
 * The one way to the model for all that generates. Chats that wait take turns, each with its own requests in the order
 * in which they came; a chat that was served in this round waits for the next one. Every chat is thus served, however
 * much another one asks.
 */
export class TurnQueue {
  #waiting: Waiting[] = [];
  #working = false;
  /** Who was served in this round. */
  readonly #served = new Set<string>();
  readonly #onChange: (before: Record<string, number>) => void;

  /** @param onChange hears of every change of `before` */
  constructor(onChange: (before: Record<string, number>) => void = () => undefined) {
    this.#onChange = onChange;
  }

  /** How many pieces of work come before each one that waits, the one that goes on included; by id. */
  get before(): Record<string, number> {
    return Object.fromEntries(this.#order().map(({ waiting }, index) => [waiting.id, index + 1]));
  }

  /** Whether a person waits. */
  get isWanted(): boolean {
    return this.#waiting.some(({ priority }) => priority === 'person');
  }

  /**
   * Waits for its turn, then works. The turn lasts until the work's promise settles.
   *
   * Work that nobody waits for, such as finding a title, asks with the priority `background`:
   * `turns.take({ id: newId(), lane: chatId, priority: 'background' }, () => …)`, or `runs.collect` for a whole run.
   * @throws AppError `cancelled` when it left before its turn came; whatever the work throws otherwise
   */
  take<T>(ticket: Ticket, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const begin = () => {
        void work()
          .then(resolve, reject)
          .finally(() => {
            this.#working = false;
            this.#next();
          });
      };
      this.#waiting.push({ ...ticket, begin, giveUp: reject });
      this.#next();
    });
  }

  /** Takes one back that waits. @returns whether it did: one that has begun ends itself */
  leave(id: string): boolean {
    const found = this.#waiting.find((waiting) => waiting.id === id);
    if (found === undefined) return false;
    this.#waiting = this.#waiting.filter((waiting) => waiting !== found);
    found.giveUp(stoppedBeforeStart());
    this.#onChange(this.before);
    return true;
  }

  #next(): void {
    const [first] = this.#order();
    if (!this.#working && first !== undefined) {
      const { waiting, round } = first;
      if (round > 0) this.#served.clear();
      this.#served.add(laneOf(waiting));
      this.#waiting = this.#waiting.filter((other) => other !== waiting);
      this.#working = true;
      waiting.begin();
    }
    this.#onChange(this.before);
  }

  /** Those that wait, in the order in which they will be served if nobody else comes. */
  #order(): { readonly waiting: Waiting; readonly round: number }[] {
    const rounds = new Map<string, number>();
    const ordered = this.#waiting.map((waiting) => {
      const lane = laneOf(waiting);
      const round = rounds.get(lane) ?? (this.#served.has(lane) ? 1 : 0);
      rounds.set(lane, round + 1);
      return { waiting, round };
    });
    const rank = ({ waiting }: { readonly waiting: Waiting }) => ranks[waiting.priority];
    // Within a round, those that came first are first: the sort is stable.
    return ordered.sort((a, b) => rank(a) - rank(b) || a.round - b.round);
  }
}

const laneOf = ({ priority, lane }: Ticket): string => `${priority} ${lane}`;
