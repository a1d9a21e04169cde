/** Owns the keyboard shortcuts: which keys mean what; the help sheet shows this list. */

export const shortcuts = [
  { action: 'new-chat', keys: 'Ctrl+N', does: 'New chat' },
  { action: 'stop', keys: 'Escape', does: 'Stop the reply' },
  { action: 'regenerate', keys: 'Ctrl+Enter', does: 'Regenerate the last reply' },
  { action: 'continue', keys: 'Alt+Enter', does: 'Continue the last reply' },
  { action: 'sidebar', keys: 'Ctrl+B', does: 'Show or hide the chats' },
  { action: 'help', keys: 'F1', does: 'This help' },
] as const;

export type Action = (typeof shortcuts)[number]['action'];

type Keys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'>;

/** The action that a key press stands for. Cmd counts as Ctrl. */
export function shortcutOf(event: Keys): Action | undefined {
  if (event.isComposing) return undefined;
  const parts = [
    ...(event.ctrlKey || event.metaKey ? ['Ctrl'] : []),
    ...(event.altKey ? ['Alt'] : []),
    ...(event.shiftKey ? ['Shift'] : []),
    event.key.length === 1 ? event.key.toUpperCase() : event.key,
  ];
  const keys = parts.join('+');
  return shortcuts.find((shortcut) => shortcut.keys === keys)?.action;
}
