/** Owns the words of the app: looks each text up in the catalogue of the language that is spoken; never decides which. */
import { IntlMessageFormat } from 'intl-messageformat';

/** English is what the texts are written in; the others have a catalogue each. */
export const languages = ['en', 'de', 'es', 'fr', 'ja', 'pt', 'zh'] as const;
export type Language = (typeof languages)[number];

/** What each language calls itself. */
export const languageNames: Record<Language, string> = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  fr: 'Français',
  ja: '日本語',
  pt: 'Português',
  zh: '简体中文',
};

/** English texts with their translations. */
export type Catalogue = Readonly<Record<string, string>>;

/** A text that `t` has not yet put into words; no string, so that none is shown by mistake. */
export type Message = { readonly said: 'by t()' };

type Values = Readonly<Record<string, string | number>>;

let language: Language = 'en';
let catalogue: Catalogue = {};
let formats = new Map<string, IntlMessageFormat>();

/** From here on `t` speaks this language. */
export function speak(next: Language, words: Catalogue): void {
  language = next;
  catalogue = words;
  formats = new Map();
}

/** What `t` speaks now. */
export const spoken = (): Language => language;

/** For numbers, dates and the order of names; English ones as in the United States. */
export const locale = (): string => (language === 'en' ? 'en-US' : language);

/** Marks a text in a table that is made before the language is known; it is shown by `t`. */
export const msg = (text: string): Message => text as unknown as Message;

/**
 * A text in the language of the user. The English one stands in the code and is its key in the catalogues.
 * @param text in ICU MessageFormat: `{name}`, `{count, number}`, `{count, plural, one {# file} other {# files}}`
 * @throws where the text has a placeholder for which there is no value
 * Source of the format: unicode.org, ICU User Guide, “Formatting Messages”.
 */
export function t(text: string | Message, values?: Values): string {
  const english = text as string;
  // Own texts only: users' words come here too, and “constructor” is one.
  const said = Object.hasOwn(catalogue, english) ? catalogue[english]! : english;
  if (values === undefined) return said;
  let format = formats.get(english);
  if (format === undefined) {
    format = new IntlMessageFormat(said, locale(), undefined, { ignoreTag: true });
    formats.set(english, format);
  }
  return String(format.format(values));
}

/** The language that suits best, of those that the user prefers. @param preferred language tags, the best first */
export function suitingLanguage(preferred: readonly string[]): Language {
  const spoken = preferred.map((tag) => tag.toLowerCase().split(/[-_]/)[0]);
  return spoken.map((code) => languages.find((known) => known === code)).find(Boolean) ?? 'en';
}
