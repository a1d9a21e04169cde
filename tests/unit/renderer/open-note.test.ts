import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OpenNote } from '../../../renderer/stores/open-note.svelte.js';
import { LiveRun } from '../../../renderer/stores/runs.svelte.js';

const begin = (note: OpenNote, text = note.text) =>
  note.begin(new LiveRun({ runId: 'r', chatId: null, messageId: null, baseLength: text.length, text }));
const generate = (note: OpenNote, added: string, text = note.text) => {
  begin(note, text);
  note.end(added, null);
};

test('what is generated can be taken back and brought again', () => {
  const note = new OpenNote('n', 'Once');
  generate(note, ' upon');
  generate(note, ' a time');
  note.undo();
  expect(note.text).toBe('Once upon');
  note.undo();
  expect(note.text).toBe('Once');
  expect(note.canUndo).toBe(false);
  note.redo();
  note.redo();
  expect(note.text).toBe('Once upon a time');
});

test('other words take the place of those that were generated last, in one step', () => {
  const note = new OpenNote('n', 'Once');
  generate(note, ' upon');
  expect(note.regenerationText).toBe('Once');
  generate(note, ' more', 'Once');
  expect(note.text).toBe('Once more');
  note.undo();
  expect(note.text).toBe('Once upon');
});

test('nothing is generated again in a text that was changed before it', () => {
  const note = new OpenNote('n', 'Once');
  generate(note, ' upon');
  note.write('Once upon a');
  expect(note.regenerationText).toBe('Once');
  note.write('Twice upon a');
  expect(note.regenerationText).toBeNull();
});

test('a run that brings nothing changes nothing', () => {
  const note = new OpenNote('n', 'Once upon');
  begin(note, 'Once');
  expect(note.shown).toBe('Once');
  note.end('', { code: 'unexpected', message: 'no' });
  expect(note.text).toBe('Once upon');
  expect(note.error?.message).toBe('no');
  expect(note.canUndo).toBe(false);
});

test('while it is written, nothing is taken back', () => {
  const note = new OpenNote('n', 'Once');
  generate(note, ' upon');
  begin(note);
  expect([note.canUndo, note.regenerationText]).toEqual([false, null]);
  note.undo();
  expect(note.text).toBe('Once upon');
});

test('however one steps back and forth, the texts are those that were', () => {
  const words = fc.array(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(words, fc.nat(20), (added, back) => {
      const note = new OpenNote('n', 'x');
      const texts = ['x'];
      for (const piece of added) {
        note.step(note.text + piece);
        texts.push(note.text);
      }
      const steps = Math.min(back, added.length);
      for (let step = 0; step < back; step++) note.undo();
      expect(note.text).toBe(texts.at(-1 - steps));
      for (let step = 0; step < back; step++) note.redo();
      expect(note.text).toBe(texts.at(-1));
    }),
  );
});
