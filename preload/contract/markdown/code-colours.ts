/** Owns the colours of code: which languages are known and how much is coloured. Never trusts its HTML for the page. */
import core from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import kotlin from 'highlight.js/lib/languages/kotlin';
import lua from 'highlight.js/lib/languages/lua';
import markdown from 'highlight.js/lib/languages/markdown';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import r from 'highlight.js/lib/languages/r';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import swift from 'highlight.js/lib/languages/swift';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';

const languages = {
  ...{
    bash,
    c,
    cpp,
    csharp,
    css,
    diff,
    go,
    java,
    javascript,
    json,
    kotlin,
    lua,
    markdown,
    php,
    python,
    r,
    ruby,
  },
  ...{ rust, sql, swift, typescript, xml, yaml },
};
for (const [name, language] of Object.entries(languages)) core.registerLanguage(name, language);

/** Longer code stays plain: colouring it would take longer than a frame. */
const maxLength = 50_000;

/** Code as HTML with classes for its colours; null when the language is not known or the code is too long. */
export function codeHtml(code: string, language: string): string | null {
  if (code.length > maxLength || core.getLanguage(language) === undefined) return null;
  return core.highlight(code, { language, ignoreIllegals: true }).value;
}
