/** The guide: short, whole, and found by its words. */
import { expect, test } from 'vitest';
import { languages } from '../../../preload/contract/language.js';
import { readChapter, readGuide, searchGuide } from '../../../renderer/lib/guide.js';

test('a chapter is its heading, what stands before the sections, and these', () => {
  expect(readChapter('# Llamas\n\nThey hum.\n\n## Food\n\nGrass.\n\n## Wool\n\nWarm.\n')).toEqual({
    title: 'Llamas',
    sections: [
      { title: '', text: 'They hum.' },
      { title: 'Food', text: 'Grass.' },
      { title: 'Wool', text: 'Warm.' },
    ],
  });
});

test('a search finds the sections that have all the words, whatever their case and order', async () => {
  const guide = await readGuide('en');
  const found = searchGuide(guide, 'ROOM disk');
  expect(found.map(({ title, sections }) => [title, sections.map((section) => section.title)])).toEqual([
    ['When something goes wrong', ['A download waits']],
  ]);
  expect(searchGuide(guide, 'zeppelin')).toEqual([]);
});

test.each(languages)(
  'in %s every chapter has a name of its own and sections with text, none of them long',
  async (language) => {
    const guide = await readGuide(language);
    expect(guide.length).toBe((await readGuide('en')).length);
    expect(new Set(guide.map(({ title }) => title)).size).toBe(guide.length);
    for (const { title, sections } of guide) {
      expect(title).not.toBe('');
      expect(new Set(sections.map((section) => section.title)).size).toBe(sections.length);
      for (const { text } of sections)
        expect(text.split(/\s+/).length, title).toBeLessThan(language === 'en' ? 90 : 120);
      for (const { text } of sections) expect(text, title).not.toBe('');
    }
  },
);
