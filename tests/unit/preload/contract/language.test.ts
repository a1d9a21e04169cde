/** The words of the app in the language of its user. */
import { afterEach, describe, expect, it } from 'vitest';
import { languages, locale, msg, speak, suitingLanguage, t } from '../../../../preload/contract/language.js';
import { speakLanguage } from '../../../../preload/contract/catalogues.js';

afterEach(() => speak('en', {}));

describe('texts', () => {
  it('are English where no other language is spoken, or it lacks them', () => {
    expect(t('Send')).toBe('Send');
    speak('de', { Send: 'Senden' });
    expect(t('Send')).toBe('Senden');
    expect(t('Stop')).toBe('Stop');
    expect(t(msg('Send'))).toBe('Senden');
  });

  it('take values where the language wants them, and count as it does', () => {
    const files = '{count, plural, one {# file} other {# files}} of {name}';
    expect(t(files, { count: 1, name: 'Ada' })).toBe('1 file of Ada');
    expect(t(files, { count: 1200, name: 'Ada' })).toBe('1,200 files of Ada');
    speak('de', { [files]: '{name}: {count, plural, one {eine Datei} other {# Dateien}}' });
    expect(t(files, { count: 1, name: 'Ada' })).toBe('Ada: eine Datei');
    expect(t(files, { count: 1200, name: 'Ada' })).toBe('Ada: 1.200 Dateien');
  });

  it('say as it stands what has no values: marks such as {{user}} too', () => {
    expect(t('Begin with {{user}}: <START>')).toBe('Begin with {{user}}: <START>');
    expect(t('{name} <b>', { name: '{{char}}' })).toBe('{{char}} <b>');
    expect(t('constructor')).toBe('constructor');
  });
});

describe('the language', () => {
  it('is the first of those preferred that has a catalogue', () => {
    expect(suitingLanguage(['nl-NL', 'pt_BR', 'de'])).toBe('pt');
    expect(suitingLanguage(['zh-Hans-CN'])).toBe('zh');
    expect(suitingLanguage(['nl'])).toBe('en');
    expect(suitingLanguage([])).toBe('en');
  });

  it('brings its catalogue, and its way to write numbers', async () => {
    expect(locale()).toBe('en-US');
    for (const language of languages) {
      await speakLanguage(language);
      expect(locale()).toMatch(language);
      if (language !== 'en') expect(t('Cancel'), language).not.toBe('Cancel');
    }
  });
});
