/** Which texts the lint rule finds that are said without `t`. */
import { Linter } from 'eslint';
import { expect, test } from 'vitest';
// @ts-expect-error -- a rule of the linter, in plain JavaScript
import looseText from '../../lint/no-loose-text.js';

function found(code: string): string[] {
  const plugins = { altiplano: { rules: { 'no-loose-text': looseText } } };
  return new Linter()
    .verify(code, { plugins, rules: { 'altiplano/no-loose-text': 'error' } })
    .map(({ message }) => /“(.*)”/.exec(message)![1]!);
}

test('finds sentences, headings and labels that nobody could translate', () => {
  expect(found(`fail({ message: 'The disk is full.', hint: \`Free \${space} on it.\` })`)).toEqual([
    'The disk is full.',
    'Free x on it.',
  ]);
  expect(found(`const labels = [{ label: 'Cancel' }]; const why = 'it ends too early'`)).toEqual([
    'Cancel',
    'it ends too early',
  ]);
});

test('leaves alone what t has, and what no user reads', () => {
  expect(
    found(`
      t('The disk is full.'); msg('Cancel'); throw new Error('This can not be.');
      log.problem('The disk is full.', { details: 'Exit code 1 of the engine' });
      db.prepare('SELECT id, name FROM chats WHERE id = ?');
      if (name === 'New chat here') switch (name) { case 'New chat there': }
      const key = { 'Page Up': 1, name: 'top_p', path: '/tmp/x y', label: 'Altiplano' };
    `),
  ).toEqual([]);
});
