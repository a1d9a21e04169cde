/** Owns where the catalogues of texts are; each is a part of the program that is loaded when its language is spoken. */
import { type Catalogue, type Language, speak } from './language.js';

const catalogues: Record<Exclude<Language, 'en'>, () => Promise<{ default: Catalogue }>> = {
  de: () => import('../../resources/locales/de.json'),
  es: () => import('../../resources/locales/es.json'),
  fr: () => import('../../resources/locales/fr.json'),
  ja: () => import('../../resources/locales/ja.json'),
  pt: () => import('../../resources/locales/pt.json'),
  zh: () => import('../../resources/locales/zh.json'),
};

/** Loads the words of a language, and speaks it from there on. */
export async function speakLanguage(language: Language): Promise<void> {
  speak(language, language === 'en' ? {} : (await catalogues[language]()).default);
}
