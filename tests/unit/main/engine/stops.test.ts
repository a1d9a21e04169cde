import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StopMatcher } from '../../../../main/engine/stops.js';

/** What the matcher lets through of the pieces. */
function through(pieces: readonly string[], stops: readonly string[]): { text: string; stopped: boolean } {
  const matcher = new StopMatcher(stops);
  let text = '';
  for (const piece of pieces) {
    const step = matcher.push(piece);
    text += step.text;
    if (step.stopped) return { text, stopped: true };
  }
  return { text: text + matcher.flush(), stopped: false };
}

test('holds back what may become a stop string', () => {
  const matcher = new StopMatcher(['USER:']);
  expect(matcher.push('Hello US')).toEqual({ text: 'Hello ', stopped: false });
  expect(matcher.push('A!')).toEqual({ text: 'USA!', stopped: false });
  expect(matcher.push(' USER: x')).toEqual({ text: ' ', stopped: true });
});

test('pieces do not matter: the text ends before the first stop string', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '#', ' '), maxLength: 30 });
  const stop = fc.string({ unit: fc.constantFrom('a', 'b', '#'), minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 8 }), fc.array(stop, { maxLength: 3 }), (pieces, stops) => {
      const whole = pieces.join('');
      const first = Math.min(...stops.map((text) => whole.indexOf(text)).filter((index) => index >= 0));
      const result = through(pieces, stops);
      expect(result.stopped).toBe(Number.isFinite(first));
      // Two stop strings may overlap: the one that is whole first decides, so the text can't be longer.
      if (!result.stopped) expect(result.text).toBe(whole);
      else expect(whole.startsWith(result.text)).toBe(true);
      for (const text of stops) expect(result.text.includes(text)).toBe(false);
    }),
  );
});
