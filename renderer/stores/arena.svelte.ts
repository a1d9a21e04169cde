/** Owns the comparison and the duel as the page knows them, and what is asked of main about them; main writes and keeps them. */
import { t } from '../../preload/contract/language.js';
import type {
  BothAspects,
  ContestantSpec,
  LoadPlan,
  Match,
  MatchKind,
} from '../../preload/contract/arena.js';
import {
  mostColumns,
  mostContestants,
  type Aspect,
  type Choice,
} from '../../preload/contract/arena-words.js';
import { on, request } from '../services/api.js';
import { chats } from './chats.svelte.js';
import { models } from './models.svelte.js';
import { notices } from './notices.svelte.js';
import { settings } from './settings.svelte.js';
import { undo } from './undo.svelte.js';

const noAspects = (): { a: Partial<Record<Aspect, number>>; b: Partial<Record<Aspect, number>> } => ({
  a: {},
  b: {},
});

/** One kind of match: the contestants that are chosen, the question that is written, and the last match. */
class Stage {
  readonly kind: MatchKind;
  readonly most: number;
  match = $state.raw<Match | null>(null);
  /** What is written so far, by the place of each reply; mutated in place, so that new text touches only what it changes. */
  readonly texts = $state<string[]>([]);
  prompt = $state('');
  /** Null = no chat. */
  chatId = $state<string | null>(null);
  category = $state('general');
  /** Below 0 = drawn. */
  seed = $state(1);
  plan = $state.raw<LoadPlan | null>(null);
  starting = $state(false);
  /** What is marked of the two sides before the vote. */
  aspects = $state(noAspects());
  #isKnown = false;

  constructor(kind: MatchKind, most: number) {
    this.kind = kind;
    this.most = most;
  }

  get isWriting(): boolean {
    return this.match !== null && this.match.endedAt === null;
  }

  /** Those of the settings; at first the models that are there. */
  get contestants(): readonly ContestantSpec[] {
    const { columns, contestants } = settings.value.comparison;
    const chosen = this.kind === 'duel' ? contestants : columns;
    if (chosen.length >= 2) return chosen;
    const usable = models.files.filter(({ problem }) => problem === null).map(({ path }) => path);
    const first = models.path || usable[0];
    if (first === undefined) return [];
    const second = usable.find((path) => path !== first) ?? first;
    return [first, second].map((modelPath) => ({ modelPath, presetId: null, template: null }));
  }

  set contestants(specs: readonly ContestantSpec[]) {
    const { columns, contestants } = settings.value.comparison;
    const list = $state.snapshot(specs) as ContestantSpec[];
    settings.set({
      comparison: this.kind === 'duel' ? { columns, contestants: list } : { columns: list, contestants },
    });
  }

  /** Whether both replies are there, and names are hidden until the vote. */
  get awaitsVote(): boolean {
    return this.match !== null && this.match.isHidden && !this.isWriting;
  }

  async load(): Promise<void> {
    const match = await notices.guard(request('arena.last', { kind: this.kind }));
    if (match === undefined) return;
    this.show(match);
    if (!this.#isKnown && match !== null && this.prompt === '') {
      this.prompt = match.prompt;
      this.category = match.category;
    }
    this.#isKnown = true;
  }

  show(match: Match | null): void {
    if (match?.id !== this.match?.id) this.aspects = noAspects();
    this.match = match;
    const written = match?.replies.map(({ text }) => text) ?? [];
    this.texts.length = written.length;
    written.forEach((text, position) => {
      if (this.texts[position] !== text) this.texts[position] = text;
    });
  }

  grow(position: number, offset: number, text: string): void {
    const before = this.texts[position] ?? '';
    // A page that came back missed some of it.
    if (offset > before.length) void this.load();
    else this.texts[position] = before.slice(0, offset) + text;
  }

  async start(): Promise<void> {
    if (this.starting || this.isWriting) return;
    this.starting = true;
    const question = {
      ...{ prompt: this.prompt, chatId: this.chatId, category: this.category.trim() || 'general' },
      seed: this.kind === 'duel' ? -1 : this.seed,
      contestants: $state.snapshot(this.contestants) as ContestantSpec[],
    };
    const channel = this.kind === 'duel' ? 'arena.duel' : 'arena.compare';
    const match = await notices.guard(request(channel, question));
    this.starting = false;
    // Main may have told more of it by now.
    if (match !== undefined && this.match?.id !== match.id) this.show(match);
  }

  /** @param position null = all */
  stop(position: number | null): void {
    if (this.match !== null) {
      void notices.guard(request('arena.stop', { matchId: this.match.id, position }));
    }
  }

  async vote(choice: Choice): Promise<void> {
    if (this.match === null || !this.awaitsVote) return;
    const aspects = $state.snapshot(this.aspects) as BothAspects;
    const match = await notices.guard(request('arena.vote', { matchId: this.match.id, choice, aspects }));
    if (match === undefined) return;
    this.show(match);
    undo.done(t('Voted; the names are shown.'));
  }

  /** Replies become versions of one reply in a chat. */
  async keep(positions: readonly number[]): Promise<void> {
    if (this.match === null) return;
    const before = undo.state.undo;
    const kept = { matchId: this.match.id, positions: [...positions] };
    const chatId = await notices.guard(request('arena.keep', kept));
    if (chatId === undefined) return;
    const title = chats.find(chatId)?.title ?? 'a chat';
    undo.done(
      positions.length === 1
        ? t('Kept as a version in “{title}”', { title })
        : t('Kept as versions in “{title}”', { title }),
      before,
    );
    await this.load();
  }

  /** Reckons anew whether the models stay loaded together. */
  async reckon(): Promise<void> {
    const contestants = $state.snapshot(this.contestants) as ContestantSpec[];
    this.plan =
      contestants.length < 2 ? null : await request('arena.plan', { contestants }).catch(() => null);
  }
}

class Arena {
  readonly comparison = new Stage('side-by-side', mostColumns);
  readonly duel = new Stage('duel', mostContestants);
  /** Counts up when votes or matches are others than they were. */
  changes = $state(0);
  #isListening = false;

  /** To be called by each view of it. */
  start(): void {
    if (!this.#isListening) {
      this.#isListening = true;
      on('arena.match', (match) => {
        const stage = this.#stageOf(match.kind);
        const { match: shown } = stage;
        if (shown === null || shown.id === match.id || stage.starting) stage.show(match);
        if (match.endedAt !== null) this.changes++;
      });
      on('arena.text', ({ matchId, position, offset, text }) => {
        for (const stage of [this.comparison, this.duel]) {
          if (stage.match?.id === matchId) stage.grow(position, offset, text);
        }
      });
      undo.onUndone(() => void this.#reload());
    }
    void this.#reload();
  }

  async delete(matchIds: readonly string[]): Promise<void> {
    const before = undo.state.undo;
    const done = await notices.guard(request('arena.delete', { matchIds: [...matchIds] }).then(() => true));
    if (done === undefined) return;
    undo.done(t('Deleted the duel'), before);
    await this.#reload();
  }

  async #reload(): Promise<void> {
    await Promise.all([this.comparison.load(), this.duel.load()]);
    this.changes++;
  }

  #stageOf(kind: MatchKind): Stage {
    return kind === 'duel' ? this.duel : this.comparison;
  }
}

export type { Stage };
export const arena = new Arena();
