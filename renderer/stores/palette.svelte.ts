/** Owns what the command palette finds: actions, chats, models and places, those used last before others; runs none. */
import { t } from '../../preload/contract/language.js';
import type { Chat } from '../../preload/contract/chats.js';
import { groupLabels, type Action } from '../lib/actions.js';
import { best, folded, type Findable } from '../lib/fuzzy.js';
import type { Keys } from '../lib/keys.js';
import { places } from '../lib/places.js';
import { actions } from './actions.svelte.js';
import { appView, tabLabels } from './app-view.svelte.js';
import { chats } from './chats.svelte.js';
import { connections } from './connections.svelte.js';
import { models } from './models.svelte.js';
import { settings } from './settings.svelte.js';

export type Command = Findable & {
  /** The same after a restart. */
  readonly id: string;
  readonly label: string;
  readonly kind: string;
  readonly keys?: Keys | undefined;
  readonly run: () => unknown;
};

const maxShown = 50;
const maxRecent = 12;
/** Points in a search: what was used last goes before what fits a little better. */
const recentPoints = 20;
/** An action is meant more often than a chat whose title has the same words. */
const actionPoints = 15;

/** A chat's title is folded once, however often it is searched. */
const chatCommands = new WeakMap<Chat, Command>();

function ofChat(chat: Chat): Command {
  const known = chatCommands.get(chat);
  if (known !== undefined) return known;
  const command = {
    id: `chat:${chat.id}`,
    label: chat.title,
    kind: t('Chat'),
    folded: folded(chat.title),
    run: () => {
      appView.showChat();
      void chats.select(chat.id);
    },
  };
  chatCommands.set(chat, command);
  return command;
}

function ofAction(action: Action): Command {
  const { id, label, group, run } = action;
  const [keys] = actions.keysOf(action);
  const kind = groupLabels[group];
  return { id: `action:${id}`, label, kind, keys, folded: folded(`${label} ${kind}`), run };
}

class Palette {
  readonly #actions = $derived(
    actions.all
      .filter(({ id, isEnabled }) => id !== 'palette' && id !== 'close-overlay' && (isEnabled?.() ?? true))
      .map(ofAction),
  );
  readonly #others = $derived([
    ...models.files
      .filter(({ problem }) => problem === null)
      .map(({ name, path }) => ({
        id: `model:${path}`,
        label: name,
        kind: t('Load model'),
        folded: folded(`${name} ${t('Load model')}`),
        run: () => models.load(path),
      })),
    ...connections.models.map(({ name, path, host }) => ({
      id: `model:${path}`,
      label: t('{name} at {host}', { name, host }),
      kind: t('Use model'),
      folded: folded(`${t('{name} at {host}', { name, host })} ${t('Use model')}`),
      run: () => models.load(path),
    })),
    ...places.map(({ label, tab, anchor }) => ({
      id: `place:${anchor}`,
      label,
      kind: tabLabels[tab],
      folded: folded(`${label} ${tabLabels[tab]}`),
      run: () => appView.reveal(tab, anchor),
    })),
  ]);
  readonly #chats = $derived(chats.list.map(ofChat));

  /** What fits, the best first; nothing typed: what was used last, then the actions. */
  find(query: string): readonly Command[] {
    const recent = settings.value.recentCommands;
    if (query.trim() !== '') {
      return best(query, this.#all(), maxShown, ({ id }) => {
        const isAction = id.startsWith('action:');
        return (recent.includes(id) ? recentPoints : 0) + (isAction ? actionPoints : 0);
      });
    }
    const byId = new Map([...this.#all()].map((command) => [command.id, command]));
    const used = recent.flatMap((id) => byId.get(id) ?? []);
    return [...used, ...this.#actions.filter((each) => !used.includes(each))].slice(0, maxShown);
  }

  /** Remembers that it was used. */
  used({ id }: Command): void {
    const others = settings.value.recentCommands.filter((each) => each !== id);
    settings.set({ recentCommands: [id, ...others].slice(0, maxRecent) });
  }

  *#all(): Iterable<Command> {
    yield* this.#actions;
    yield* this.#others;
    yield* this.#chats;
  }
}

export const palette = new Palette();
