/** Owns what a key press is called, how that is shown, and which keys are not free; never what they do. */
import { t } from '../../preload/contract/language.js';

/** Modifiers in this order, then the key, joined by `+`: `Ctrl+Shift+K`. Ctrl is Cmd on macOS. */
export type Keys = string;

export type Press = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing' | 'getModifierState'
>;

/** Keys that mean nothing of their own, and what input methods send while they compose. */
const silent = new Set(
  'Control Shift Alt Meta AltGraph CapsLock NumLock ScrollLock Fn Hyper Super Compose Dead Process Unidentified'.split(
    ' ',
  ),
);

/**
 * What a press is called; null for one that is no shortcut: half of one, AltGr typing a character, an input method at
 * work, or a modifier that is the system's. Letters go by what they type, so that every layout has its own; where that
 * is no Latin letter, and for digits, by their place.
 */
export function keysOf(press: Press, isMac: boolean): Keys | null {
  if (press.isComposing || silent.has(press.key) || press.getModifierState('AltGraph')) return null;
  if (isMac ? press.ctrlKey : press.metaKey) return null;
  const ctrl = isMac ? press.metaKey : press.ctrlKey;
  const key = nameOf(press, ctrl || press.altKey);
  // Which character Shift makes of the others depends on the layout: they are named by that alone.
  const shift = press.shiftKey && key !== 'Plus' && /^([A-Z0-9]|\w{2,})$/.test(key);
  return [ctrl && 'Ctrl', press.altKey && 'Alt', shift && 'Shift', key].filter(Boolean).join('+');
}

function nameOf({ key, code }: Press, withModifier: boolean): string {
  if (key === ' ') return 'Space';
  if (key === '+') return 'Plus';
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  if (key.length > 1 && key.codePointAt(0)! < 128) return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined && key.codePointAt(0)! >= 128) return letter;
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  return digit !== undefined && withModifier ? digit : key;
}

const arrows = 'Arrow(Up|Down|Left|Right)';
const editing = new RegExp(
  `^Ctrl\\+([ACVXYZ]|Shift\\+[VZ]|Backspace|Delete|(Shift\\+)?(Home|End|Insert|${arrows}))$|^Alt\\+Backspace$`,
);
const editingOnMac = new RegExp(`^Alt\\+(Shift\\+)?(Backspace|Delete|${arrows})$`);

/** Whether the keys type or edit where text is written; there they stay with the text. */
export function editsText(keys: Keys, isMac: boolean): boolean {
  if (editing.test(keys) || (isMac && editingOnMac.test(keys))) return true;
  return !/^(Ctrl|Alt)\+/.test(keys) && !/(^|\+)(F\d+|Escape)$/.test(keys);
}

/** Whether they are arrows alone. */
export const isArrow = (keys: Keys): boolean => new RegExp(`^${arrows}$`).test(keys);

/** What the window or the system does with keys, whatever an app says. */
const taken: Readonly<Record<Keys, string>> = {
  'Ctrl+C': t('copies text'),
  'Ctrl+X': t('cuts text'),
  'Ctrl+V': t('pastes text'),
  'Ctrl+Shift+V': t('pastes plain text'),
  'Ctrl+A': t('selects all text'),
  'Ctrl+Q': t('quits the app'),
  'Ctrl+W': t('closes the window'),
  'Ctrl+M': t('minimises the window'),
  'Ctrl+H': t('hides the app on a Mac'),
  'Ctrl+0': t('resets the zoom'),
  'Ctrl+-': t('zooms out'),
  'Ctrl+Plus': t('zooms in'),
  'Ctrl+=': t('zooms in'),
  'Ctrl+Shift+I': t('opens the developer tools'),
  'Ctrl+Space': t('changes the input method on many machines'),
  'Alt+F4': t('closes the window'),
  'Alt+Space': t('opens the menu of the window'),
  'Alt+Escape': t('belongs to the system'),
  'Ctrl+Escape': t('belongs to the system'),
  F10: t('opens the menu'),
  F11: t('fills the screen'),
  F12: t('belongs to the developer tools'),
};

/** Why an action can't have these keys, as the end of a sentence that begins with them; null when it can. */
export function refusal(keys: Keys): string | null {
  const reason = taken[keys];
  if (reason !== undefined) return reason;
  const key = keys.split('+').at(-1)!;
  const isCharacter = key.length === 1 || key === 'Space' || key === 'Plus';
  if (key === 'Tab') return t('moves from control to control');
  if (/^(Shift\+)?Enter$/.test(keys)) return t('sends the message or begins a new line');
  if (isCharacter && !keys.startsWith('Ctrl+')) return t('types a character');
  if (isCharacter && keys.startsWith('Ctrl+Alt+')) return t('types a character on many keyboards (AltGr)');
  if (!/^(Ctrl|Alt)\+/.test(keys) && !/^F\d+$/.test(key) && keys !== 'Escape' && keys !== 'Shift+Escape')
    return isArrow(keys) ? t('moves in text and lists') : t('is needed for typing');
  return null;
}

const names: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: t('Esc'),
  PageUp: t('Page Up'),
  PageDown: t('Page Down'),
  Plus: '+',
};
const namesOnMac: Readonly<Record<string, string>> = {
  Ctrl: '⌘',
  Alt: '⌥',
  Shift: '⇧',
  Enter: '↩',
  Backspace: '⌫',
};

/** The keys one by one, as they are written on them. */
export const keyNames = (keys: Keys, isMac: boolean): readonly string[] =>
  keys.split('+').map((key) => (isMac ? namesOnMac[key] : undefined) ?? names[key] ?? key);

/** The keys in one piece: `Ctrl+Shift+K`, `⌘⇧K`. */
export const showKeys = (keys: Keys, isMac: boolean): string => keyNames(keys, isMac).join(isMac ? '' : '+');
