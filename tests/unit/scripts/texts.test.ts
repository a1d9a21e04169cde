/** How texts are found in the sources, and what is said of a catalogue. */
import { expect, test } from 'vitest';
// @ts-expect-error -- a script that runs before anything is compiled
import { catalogueProblems, textsOf } from '../../../scripts/lib/texts.mjs';

test('finds what t and msg say, in modules and in components', () => {
  expect(textsOf('a.ts', `const a = t('One'); const b = [msg('Two {n}')]; other('Three');`)).toEqual([
    { text: 'One' },
    { text: 'Two {n}' },
  ]);
  const component = `<script lang="ts">const a: string = t('One');</script><p title={t('Two')}>{t('Three {n}', { n })}</p>`;
  expect(textsOf('a.svelte', component)).toEqual([{ text: 'One' }, { text: 'Two' }, { text: 'Three {n}' }]);
});

test('names a text that is given other values than it has', () => {
  expect(textsOf('a.ts', `t('Delete {name}?', { title })`)[0]).toEqual({
    problem: 'a.ts:1: “Delete {name}?” is given the values title',
  });
  expect(textsOf('a.ts', `t('Delete {name}?')`)[0]).toEqual({
    problem: 'a.ts:1: “Delete {name}?” is given the values none',
  });
  expect(textsOf('a.ts', `t('Begin with {{user}}:')`)).toEqual([{ text: 'Begin with {{user}}:' }]);
});

test('names what a catalogue lacks, has for nothing, or says with other values', () => {
  const catalogue = { Old: 'Alt', 'Delete {name}?': '{nam} löschen?', 'Broken {n}': 'Kaputt {n' };
  expect(catalogueProblems('de', catalogue, ['New', 'Delete {name}?', 'Broken {n}'])).toEqual([
    'de lacks “New”',
    'de has “Old”, which nobody says',
    'de has other values in “{nam} löschen?” than in “Delete {name}?”, or can’t be read',
    'de has other values in “Kaputt {n” than in “Broken {n}”, or can’t be read',
  ]);
  const plural = '{n, plural, one {# file} other {# files}}';
  expect(catalogueProblems('ja', { [plural]: '{n, plural, other {# 個のファイル}}' }, [plural])).toEqual([]);
});
