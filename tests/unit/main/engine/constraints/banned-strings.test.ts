import { expect, test } from 'vitest';
import { BannedStringMatcher } from '../../../../../main/engine/constraints/banned-strings.js';

/** Feeds tokens of one piece each. */
function feed(matcher: BannedStringMatcher, texts: readonly string[], from = 0) {
  return texts.map((text, index) => matcher.push({ place: from + index, tokens: 1, text }));
}

test('text that can’t become a banned string comes at once, in whole tokens', () => {
  const matcher = new BannedStringMatcher(['testament to']);
  const steps = feed(matcher, ['It is', ' a te', 'apots']);
  expect(steps.map(({ text }) => text)).toEqual(['It is', '', ' a teapots']);
});

test('a banned string is found across tokens in any case, with where it began and what was not shown', () => {
  const matcher = new BannedStringMatcher(['testament to']);
  const steps = feed(matcher, ['A', ' Test', 'ament', ' To', 'day']);
  expect(steps[2]).toEqual({ text: '', banned: null });
  expect(steps[3]).toEqual({ text: '', banned: { firstPlace: 1, lastPlace: 3, floor: 1 } });
});

test('after taking back, the text before stays held and is found again', () => {
  const matcher = new BannedStringMatcher(['ab', 'cabd']);
  expect(feed(matcher, ['c', 'a', 'b'])[2]?.banned).toEqual({ firstPlace: 1, lastPlace: 2, floor: 0 });
  matcher.rewind(1);
  expect(feed(matcher, ['x'], 1)[0]).toEqual({ text: 'cx', banned: null });
});

test('a banned string at the end that never came to be is text', () => {
  const matcher = new BannedStringMatcher(['abc']);
  feed(matcher, ['ab']);
  expect(matcher.flush()).toBe('ab');
});

test('the longest text is found whole when its letters change length in lower case', () => {
  const matcher = new BannedStringMatcher(['b']);
  expect(feed(matcher, ['İİ', 'B'])[1]?.banned).toEqual({ firstPlace: 1, lastPlace: 1, floor: 1 });
});
