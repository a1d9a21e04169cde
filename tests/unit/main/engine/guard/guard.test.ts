/** What the guard stops, and the many good texts that it must not. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReplyGuard, type Trouble } from '../../../../../main/engine/guard/guard.js';

type Said = { readonly user?: string; readonly pieces?: (text: string) => readonly string[] };

function watch(
  text: string,
  { user = 'Tell me of llamas.', pieces = (all) => [all] }: Said = {},
): Trouble | null {
  const guard = new ReplyGuard([{ role: 'user', text: user }]);
  for (const piece of pieces(text)) {
    const trouble = guard.push(piece);
    if (trouble !== null) return trouble;
  }
  return null;
}

const letters = (text: string) => [...text];
const good = (name: string) =>
  readFileSync(new URL(`../../../../fixtures/good-replies/${name}`, import.meta.url), 'utf8');

const sentence = 'The llama looked at the snow and said that it would rather stay at home. ';
const paragraph = Array.from({ length: 4 }, (_, at) => sentence.replace('snow', `snow of day ${at}`)).join(
  '',
);

describe('loops', () => {
  test.each([
    ['a sentence', sentence, 12],
    ['a paragraph', `${paragraph}\n\n`, 5],
    ['a line of a list', '- Llamas are friendly animals.\n', 40],
    ['a word', 'llama ', 120],
    ['a word without end', 'haha', 400],
    ['a sign', '.', 2400],
    ['lines without anything', '\n', 2400],
    ['a number in a row', '0, ', 900],
    ['a sentence without spaces', '羊驼很可爱。', 120],
  ])('%s over and over is stopped, and one of it is left', (_name, passage, times) => {
    const before = 'Llamas live in the Andes.\n\n';
    const trouble = watch(before + passage.repeat(times));
    expect(trouble?.reason).toBe('loop');
    expect(Math.abs(trouble!.from - before.length - passage.length)).toBeLessThanOrEqual(passage.length + 24);
  });

  test('however the text comes, the same is found', () => {
    const text = `So it begins.\n\n${sentence.repeat(8)}`;
    const whole = watch(text);
    expect(watch(text, { pieces: letters })).toEqual(whole);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (lengths) => {
        const cuts = (all: string) => {
          const parts: string[] = [];
          for (let at = 0, turn = 0; at < all.length; turn++) {
            const next = at + lengths[turn % lengths.length]!;
            parts.push(all.slice(at, next));
            at = next;
          }
          return parts;
        };
        expect(watch(text, { pieces: cuts })).toEqual(whole);
      }),
    );
  });

  test('whatever repeats long enough is found, and what is left has it once', () => {
    const word = fc.stringMatching(/^[a-z]{2,9}$/);
    const passage = fc.array(word, { minLength: 4, maxLength: 60 }).map((words) => `${words.join(' ')}. `);
    fc.assert(
      fc.property(passage, (repeated) => {
        const text = repeated.repeat(Math.ceil(1200 / repeated.length) + 4);
        const trouble = watch(text);
        expect(trouble?.reason).toBe('loop');
        expect(trouble!.from).toBeLessThanOrEqual(repeated.length);
        const left = text.slice(trouble!.from);
        const period = repeated.length;
        expect(left.startsWith(text.slice(trouble!.from % period, (trouble!.from % period) + 20))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('texts whose sentences differ are never stopped', () => {
    const word = fc.constantFrom('llama', 'wool', 'snow', 'the', 'a', 'hums', 'spits', 'and', 'home', '12');
    const line = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
    const unique = fc.uniqueArray(line, { minLength: 1, maxLength: 60 });
    const joiner = fc.constantFrom('. ', '\n', '\n- ', ' | ', ';\n');
    fc.assert(
      fc.property(unique, joiner, (lines, between) => {
        expect(watch(lines.join(between))).toBeNull();
      }),
    );
  });

  test('a text costs what its length says, not more', () => {
    const guard = new ReplyGuard([]);
    let pushed = 0;
    for (; pushed < 20_000; pushed++) guard.push(`word${pushed} `);
    expect(guard.push('end')).toBeNull();
  });
});

describe('good texts', () => {
  test.each(['poem.md', 'table.md', 'code.md', 'list.md', 'song.md', 'data.md'])('%s passes', (name) => {
    expect(watch(good(name))).toBeNull();
    expect(watch(good(name), { pieces: letters })).toBeNull();
  });
});

describe('speaking as the user', () => {
  const answer = 'Llamas hum to one another.\n\n';

  test.each([
    '### Human: And alpacas?',
    '### Instruction:\nTell me more.',
    'USER: And alpacas?',
    '<|im_start|>user\nAnd alpacas?',
    '<|prompter|>And alpacas?',
    '[INST] And alpacas? [/INST]',
    'User: And alpacas?',
    'Human: And alpacas?',
  ])('“%s” at the start of a line is stopped there', (talk) => {
    const expected = { reason: 'self-talk', from: answer.length };
    expect(watch(answer + talk)).toEqual(expected);
    expect(watch(answer + talk, { pieces: letters })).toEqual(expected);
  });

  test.each([
    ['within a line', 'A log has lines such as User: root and USER: wheel.', undefined],
    ['at the very start', 'User: this is a label.', undefined],
    ['in a list of terms', 'The roles are:\n\nUser: a person.\nAdmin: another person.\n', undefined],
    ['among other terms', 'Well.\n\nAdmin: a person.\nUser: another person.\n', undefined],
    ['in code', 'A prompt is.\n\n```text\n### Human: hi\n### Assistant: hello\n```\n', undefined],
    ['where it was asked for', `${answer}User: hello\nBot: hi\n`, 'Write a dialogue.'],
    ['where the user writes it', `${answer}### Human: hello\n`, 'What does ### Human: mean?'],
    ['another word', `${answer}Users: 3\nHumanity: 1\n`, undefined],
  ])('%s it is not', (_name, text, user) => {
    expect(watch(text, user === undefined ? {} : { user })).toBeNull();
  });
});
