/** Owns the guide, as it lies in resources/guide/ in each language: chapters of sections, and how they are searched. */
import type { Language } from '../../preload/contract/language.js';

type Section = { readonly title: string; readonly text: string };
export type Chapter = { readonly title: string; readonly sections: readonly Section[] };

/** A chapter: its heading of the first level, and a section for each of the second; what stands before these has no title. */
export function readChapter(markdown: string): Chapter {
  const [head = '', ...parts] = markdown.split(/^## /m);
  const [first = '', ...lead] = head.split('\n');
  const sections = parts.map((part) => {
    const end = part.indexOf('\n');
    return { title: part.slice(0, end).trim(), text: part.slice(end).trim() };
  });
  const before = lead.join('\n').trim();
  return {
    title: first.replace(/^# /, '').trim(),
    sections: before === '' ? sections : [{ title: '', text: before }, ...sections],
  };
}

/** The chapters with the sections that have all of the words, in their text or above it. */
export function searchGuide(chapters: readonly Chapter[], words: string): Chapter[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return chapters
    .map(({ title, sections }) => ({
      title,
      sections: sections.filter((section) => {
        const text = `${title} ${section.title} ${section.text}`.toLowerCase();
        return wanted.every((word) => text.includes(word));
      }),
    }))
    .filter(({ sections }) => sections.length > 0);
}

const files = import.meta.glob<string>('../../resources/guide/*/*.md', { query: '?raw', import: 'default' });

/** In the order of the names of its files; in English where there is none in this language. */
export async function readGuide(language: Language): Promise<readonly Chapter[]> {
  const paths = Object.keys(files).sort();
  const own = paths.filter((path) => path.includes(`/guide/${language}/`));
  const shown = own.length > 0 ? own : paths.filter((path) => path.includes('/guide/en/'));
  return (await Promise.all(shown.map((path) => files[path]!()))).map(readChapter);
}
