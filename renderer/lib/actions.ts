/** Owns what an action is, and which keys belong to which by the defaults and the user's own choice; runs nothing. */
import { t } from '../../preload/contract/language.js';
import type { Keys } from './keys.js';

const actionGroups = [
  'Chats',
  'Conversation',
  'Characters',
  'Notebook',
  'Compare',
  'Go',
  'Parameters',
  'Models',
  'App',
] as const;
type Group = (typeof actionGroups)[number];

export const groupLabels: Readonly<Record<Group, string>> = {
  Chats: t('Chats'),
  Conversation: t('Conversation'),
  Characters: t('Characters'),
  Notebook: t('Notebook'),
  Compare: t('Compare'),
  Go: t('Go to'),
  Parameters: t('Parameters'),
  Models: t('Models'),
  App: t('App'),
};

/** Something the user can do by a command: by its keys, from the palette, by a button or by a menu. */
export type Action = {
  readonly id: string;
  /** An imperative, as on a button. */
  readonly label: string;
  readonly group: Group;
  /** What the label does not say. */
  readonly does?: string;
  /** The first of them is the one that is shown. */
  readonly keys?: readonly Keys[];
  /** Whether holding the keys repeats it. What starts a reply never does. */
  readonly repeats?: true;
  /** It opens a sheet over the window, and takes the place of another one; the rest waits until a sheet is closed. */
  readonly opensSheet?: true;
  /** Left out: always. */
  readonly isEnabled?: () => boolean;
  readonly run: () => unknown;
};

/** Keys that the user set, by action; null = none. An action that is not in it has its defaults. */
export type OwnKeys = Readonly<Record<string, Keys | null>>;

/** The keys of an action, the one that is shown first. */
export function boundKeys({ id, keys = [] }: Action, own: OwnKeys): readonly Keys[] {
  const set = own[id];
  return set === undefined ? keys : set === null ? [] : [set];
}

/** All actions by their keys. What the user set goes before defaults: a new default takes no keys from anyone. */
export function byKeys(actions: readonly Action[], own: OwnKeys): ReadonlyMap<Keys, readonly Action[]> {
  const map = new Map<Keys, Action[]>();
  for (const action of actions) {
    for (const keys of boundKeys(action, own)) {
      const others = map.get(keys) ?? [];
      if (own[action.id] === undefined) others.push(action);
      else others.unshift(action);
      map.set(keys, others);
    }
  }
  return map;
}

/** What the user set, with these keys for the action; only what differs from its defaults is kept. */
export function withKeys(own: OwnKeys, { id, keys: usual = [] }: Action, keys: Keys | null): OwnKeys {
  const { [id]: _, ...others } = own;
  const isUsual = keys === null ? usual.length === 0 : usual.length === 1 && usual[0] === keys;
  return isUsual ? others : { ...others, [id]: keys };
}

/** What the user set, with the action back at its defaults. */
export function withDefaults(own: OwnKeys, { id }: Action): OwnKeys {
  const { [id]: _, ...others } = own;
  return others;
}

export type Conflict = { readonly keys: Keys; readonly with: Action };

/** Keys of the action that others have as well; not those that they share by their defaults. */
export function conflictsOf(action: Action, actions: readonly Action[], own: OwnKeys): readonly Conflict[] {
  const mine = boundKeys(action, own);
  return actions
    .filter(({ id }) => id !== action.id)
    .flatMap((other) =>
      boundKeys(other, own)
        .filter((keys) => mine.includes(keys) && !(action.keys?.includes(keys) && other.keys?.includes(keys)))
        .map((keys) => ({ keys, with: other })),
    );
}

/** What the user set, with the others of the conflicts left with what remains to them. */
export function resolved(own: OwnKeys, conflicts: readonly Conflict[]): OwnKeys {
  return conflicts.reduce((rest, { keys, with: other }) => {
    const left = boundKeys(other, rest).find((each) => each !== keys);
    return withKeys(rest, other, left ?? null);
  }, own);
}

/** The actions of each group by its label, in the order of the groups; groups with none are left out. */
export function grouped(actions: readonly Action[]): { group: string; actions: readonly Action[] }[] {
  return actionGroups
    .map((group) => ({
      group: groupLabels[group],
      actions: actions.filter((action) => action.group === group),
    }))
    .filter((each) => each.actions.length > 0);
}
