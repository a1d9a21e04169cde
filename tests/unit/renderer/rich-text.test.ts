import { describe, expect, it } from 'vitest';
import { msg } from '../../../preload/contract/language.js';
import { pieces } from '../../../renderer/lib/rich-text.js';

describe('a text with elements in it', () => {
  it('gives words and parts in the order of the text', () => {
    expect(pieces(msg('Press {key} in {where}.'), ['key'], { where: 'the chat' })).toEqual([
      { text: 'Press ' },
      { part: 'key' },
      { text: ' in the chat.' },
    ]);
  });

  it('gives no empty words around parts at the ends', () => {
    expect(pieces(msg('{first}{second}'), ['first', 'second'])).toEqual([
      { part: 'first' },
      { part: 'second' },
    ]);
  });
});
