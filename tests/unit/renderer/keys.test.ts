import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editsText, keysOf, refusal, showKeys, type Press } from '../../../renderer/lib/keys.js';

type Held = Partial<Omit<Press, 'getModifierState'>> & { readonly altGraph?: boolean };

const press = (key: string, { altGraph = false, ...held }: Held = {}): Press => ({
  ...{ key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false },
  ...held,
  getModifierState: (name) => name === 'AltGraph' && altGraph,
});

test('a press has one name, whatever the order of the modifiers and the caps lock', () => {
  expect(keysOf(press('n', { ctrlKey: true }), false)).toBe('Ctrl+N');
  expect(keysOf(press('N', { ctrlKey: true }), false)).toBe('Ctrl+N');
  expect(keysOf(press('P', { ctrlKey: true, shiftKey: true }), false)).toBe('Ctrl+Shift+P');
  expect(keysOf(press('ArrowUp', { altKey: true }), false)).toBe('Alt+ArrowUp');
  expect(keysOf(press('Escape', { shiftKey: true }), false)).toBe('Shift+Escape');
  expect(keysOf(press('+', { ctrlKey: true, shiftKey: true }), false)).toBe('Ctrl+Plus');
});

test('Cmd counts as Ctrl on a Mac; Ctrl there, and the Windows key elsewhere, are the system’s', () => {
  expect(keysOf(press('n', { metaKey: true }), true)).toBe('Ctrl+N');
  expect(keysOf(press('n', { ctrlKey: true }), true)).toBeNull();
  expect(keysOf(press('n', { metaKey: true }), false)).toBeNull();
});

test('letters go by what they type; where that is not Latin, and for digits, by their place', () => {
  expect(keysOf(press('z', { ctrlKey: true, code: 'KeyY' }), false)).toBe('Ctrl+Z');
  expect(keysOf(press('л', { ctrlKey: true, code: 'KeyK' }), false)).toBe('Ctrl+K');
  expect(keysOf(press('å', { ctrlKey: true, code: 'BracketLeft' }), false)).toBe('Ctrl+å');
  expect(keysOf(press('&', { ctrlKey: true, code: 'Digit1' }), false)).toBe('Ctrl+1');
  expect(keysOf(press("'", { ctrlKey: true, code: 'KeyQ' }), false)).toBe("Ctrl+'");
  expect(keysOf(press('?', { shiftKey: true, code: 'Slash' }), false)).toBe('?');
  expect(keysOf(press('?', { shiftKey: true, code: 'Digit7' }), false)).toBe('?');
});

test('AltGr, a dead key, a modifier alone and an input method at work are no shortcuts', () => {
  expect(keysOf(press('@', { ctrlKey: true, altKey: true, altGraph: true }), false)).toBeNull();
  expect(keysOf(press('Enter', { ctrlKey: true, isComposing: true }), false)).toBeNull();
  for (const key of ['Dead', 'Process', 'Control', 'Shift', 'AltGraph']) {
    expect(keysOf(press(key, { ctrlKey: true }), false)).toBeNull();
  }
});

test('what edits text stays with the text', () => {
  const edits = [
    'A',
    '?',
    'Enter',
    'Ctrl+Z',
    'Ctrl+Shift+Z',
    'Ctrl+ArrowLeft',
    'Ctrl+Backspace',
    'Shift+Home',
  ];
  for (const keys of edits) expect(editsText(keys, false), keys).toBe(true);
  const free = [
    'Ctrl+N',
    'Ctrl+Enter',
    'Alt+Enter',
    'F1',
    'Escape',
    'Shift+Escape',
    'Ctrl+Shift+C',
    'Ctrl+Shift+Backspace',
  ];
  for (const keys of free) expect(editsText(keys, false), keys).toBe(false);
  expect(editsText('Alt+ArrowUp', false)).toBe(false);
  expect(editsText('Alt+ArrowUp', true)).toBe(true);
});

test('what types, and what is the system’s, is refused with a reason', () => {
  for (const keys of [
    'Enter',
    'Shift+Enter',
    'Ctrl+Tab',
    'A',
    'Alt+A',
    'Ctrl+Alt+Q',
    '?',
    'ArrowUp',
    'Delete',
  ]) {
    expect(refusal(keys), keys).toEqual(expect.any(String));
  }
  for (const keys of ['Ctrl+C', 'Ctrl+W', 'Ctrl+Plus', 'F11']) expect(refusal(keys), keys).not.toBeNull();
  for (const keys of ['Ctrl+J', 'Alt+ArrowUp', 'F5', 'Shift+F5', 'Ctrl+Enter', 'Escape', 'Ctrl+.']) {
    expect(refusal(keys), keys).toBeNull();
  }
});

test('no character that is typed without Ctrl can be taken, on any layout', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      fc.boolean(),
      (key, shiftKey) => {
        const keys = keysOf(press(key, { shiftKey }), false);
        return keys === null || refusal(keys) !== null;
      },
    ),
  );
});

test('keys are shown as they are written on the keyboard', () => {
  expect(showKeys('Ctrl+Shift+ArrowUp', false)).toBe('Ctrl+Shift+↑');
  expect(showKeys('Ctrl+Shift+K', true)).toBe('⌘⇧K');
  expect(showKeys('Ctrl+Plus', false)).toBe('Ctrl++');
});
