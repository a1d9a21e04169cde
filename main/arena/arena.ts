/**
 * Owns matches: puts one question to several contestants in turn, keeps what they write, and takes votes. Never loads a
 * model itself, and never rates.
 *
 * For batch runs: `enter` makes contestants of specs, `start` begins a match between them, `ended` waits for it, `vote`
 * takes the choice of a judge. What a model is asked beside a match goes through `ArenaEngines.write`, in a turn of the
 * queue.
 */
import { t } from '../../preload/contract/language.js';
import { randomInt } from 'node:crypto';
import type { Contestant, ContestantSpec, Match, MatchKind, Question } from '../../preload/contract/arena.js';
import { AppError } from '../../preload/contract/errors.js';
import type { ConversationSource } from '../chat/conversation.js';
import type { InForceFor } from '../chat/in-force.js';
import type { Ticket } from '../chat/queue.js';
import type { MatchRecord, NewVote } from '../db/arena.js';
import type { Database } from '../db/client.js';
import { askedOf } from './question.js';
import { MatchRun, type MatchRunOptions } from './match-run.js';
import { canBeVoted, hidesNames, viewOf } from './view.js';

export type ArenaOptions = MatchRunOptions & {
  readonly db: ConversationSource &
    Pick<
      Database,
      | 'enterContestant'
      | 'createMatch'
      | 'endOpenMatches'
      | 'findMatch'
      | 'lastMatch'
      | 'listMatches'
      | 'castVote'
      | 'removeMatches'
      | 'keepReplies'
      | 'createChat'
    >;
  readonly inForce: InForceFor;
  readonly nameOf: (path: string) => Promise<string>;
  /** What presets and templates are called. */
  readonly presetName: (id: string) => Promise<string>;
  readonly templateName: (id: string) => Promise<string>;
  /** @throws AppError `busy` while a reply is written in the chat */
  readonly requireIdle: (chatId: string) => void;
  /** Below this number, for sides and pairs. */
  readonly draw?: (below: number) => number;
};

export type NewMatchRequest = Question & {
  readonly kind: MatchKind;
  /** From left to right. */
  readonly contestants: readonly Contestant[];
  /** The batch that it is of; absent = begun by hand. */
  readonly batchId?: string;
  /** Absent = person. */
  readonly priority?: Ticket['priority'];
};

/** Of a reply of those that were never given a seed: what a 32-bit seed can be. */
const seeds = 2 ** 32;

export class Arena {
  readonly #live = new Map<string, MatchRun>();
  readonly #options: ArenaOptions;

  constructor(options: ArenaOptions) {
    this.#options = options;
  }

  get busy(): boolean {
    return this.#live.size > 0;
  }

  /** To be called once, before anything else: what a crash left unfinished has ended. */
  async open(): Promise<void> {
    await this.#options.db.endOpenMatches(interrupted().toData());
  }

  /** The contestants of these specs, by their names of today. */
  enter(specs: readonly ContestantSpec[]): Promise<Contestant[]> {
    const { db, nameOf, presetName, templateName } = this.#options;
    return Promise.all(
      specs.map(async (spec) => {
        const { modelPath, presetId, template } = spec;
        return db.enterContestant(spec, {
          modelName: await nameOf(modelPath),
          presetName: presetId === null ? '' : await presetName(presetId),
          templateName: template === null ? '' : await templateName(template),
        });
      }),
    );
  }

  /** Lets all contestants answer, in columns. @throws AppError busy, bad-input */
  async compare(question: Question & { readonly contestants: readonly ContestantSpec[] }): Promise<Match> {
    const contestants = await this.enter(question.contestants);
    return this.start({ ...question, kind: 'side-by-side', contestants });
  }

  /** Draws two of the contestants and their sides, and lets them answer unnamed. @throws AppError busy, bad-input */
  async duel(question: Question & { readonly contestants: readonly ContestantSpec[] }): Promise<Match> {
    const { draw = randomInt } = this.#options;
    const entered = await this.enter(question.contestants);
    const pool = [...new Map(entered.map((one) => [one.id, one])).values()];
    if (pool.length < 2) {
      throw new AppError({
        code: 'bad-input',
        message: t('All these contestants are the same.'),
        hint: t('Choose another model, preset or template for one of them.'),
      });
    }
    const drawn = Array.from({ length: 2 }, () => pool.splice(draw(pool.length), 1)[0]!);
    return this.start({ ...question, kind: 'duel', contestants: drawn });
  }

  /** @throws AppError busy while a match of the kind is written for a person; bad-input */
  async start(request: NewMatchRequest): Promise<Match> {
    const { db, inForce, draw = randomInt } = this.#options;
    const { kind, category, contestants, batchId = null, priority = 'person' } = request;
    if (priority === 'person') this.#requireIdle(kind);
    const asked = await askedOf(db, inForce, request);
    const record = await db.createMatch({
      ...{ kind, category, batchId, ...asked.told },
      seed: request.seed < 0 ? draw(seeds) : request.seed,
      contestantIds: contestants.map(({ id }) => id),
    });
    const run = new MatchRun(this.#options, record, asked.promptFor, priority);
    this.#live.set(record.id, run);
    void run.ended.finally(() => this.#live.delete(record.id));
    return run.view;
  }

  /** Resolves when all replies of a match have ended. */
  async ended(matchId: string): Promise<void> {
    await this.#live.get(matchId)?.ended;
  }

  /** @param position null = all */
  stop(matchId: string, position: number | null): void {
    this.#live.get(matchId)?.stop(position);
  }

  /** Stops all that is written, and waits until it is kept. */
  async stopAll(): Promise<void> {
    const all = [...this.#live.values()];
    for (const run of all) run.stop(null);
    await Promise.all(all.map(({ ended }) => ended));
  }

  async last(kind: MatchKind): Promise<Match | null> {
    const record = await this.#options.db.lastMatch(kind);
    return record && this.#view(record);
  }

  async list(limit: number): Promise<Match[]> {
    return (await this.#options.db.listMatches(limit)).map((record) => this.#view(record));
  }

  /** @throws AppError bad-input for what can't be voted on */
  async vote(vote: NewVote): Promise<Match> {
    const { db, broadcast } = this.#options;
    if (!canBeVoted(await db.findMatch(vote.matchId))) {
      throw new AppError({
        code: 'bad-input',
        message: t('Only a duel whose two replies are there can be voted on.'),
        hint: t('Wait until both are written, or begin a new duel.'),
      });
    }
    const match = this.#view(await db.castVote(vote));
    broadcast('arena.match', match);
    return match;
  }

  async remove(matchIds: readonly string[]): Promise<void> {
    for (const id of matchIds) {
      this.stop(id, null);
      await this.ended(id);
    }
    await this.#options.db.removeMatches(matchIds);
  }

  /** Replies become versions of one reply of the match's chat, or of a new one. @returns the chat */
  async keep(matchId: string, positions: readonly number[]): Promise<string> {
    const { db, broadcast } = this.#options;
    const match = await db.findMatch(matchId);
    if (match.endedAt === null || hidesNames(match)) {
      throw new AppError({
        code: 'bad-input',
        message:
          match.endedAt === null
            ? t('The replies are still written.')
            : t('Vote first: a chat names its models.'),
      });
    }
    if (match.chatId !== null) this.#options.requireIdle(match.chatId);
    const chatId = match.chatId ?? (await db.createChat()).id;
    const thread = await db.keepReplies(matchId, positions, chatId);
    broadcast('chats.changed', { upserted: [thread.chat], removed: [] });
    broadcast('thread.changed', thread);
    return chatId;
  }

  #view(record: MatchRecord): Match {
    return this.#live.get(record.id)?.view ?? viewOf(record, null);
  }

  #requireIdle(kind: MatchKind): void {
    const isWriting = ({ view, priority }: MatchRun) => view.kind === kind && priority === 'person';
    if (![...this.#live.values()].some(isWriting)) return;
    throw new AppError({
      code: 'busy',
      message: t('The one before is still written.'),
      hint: t('Stop it, or wait until it is done.'),
    });
  }
}

const interrupted = () =>
  new AppError({
    code: 'cancelled',
    message: t('The app ended while this was written.'),
    hint: t('Begin again; what was written is kept.'),
  });
