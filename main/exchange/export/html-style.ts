/** Owns the looks of exported pages, and the fonts of formulas, which come along in the page. */
import formulaStyle from 'katex/dist/katex.min.css?raw';

/** As `data:` addresses, by path. */
const fonts = import.meta.glob('../../../node_modules/katex/dist/fonts/*.woff2', {
  query: '?inline',
  import: 'default',
  eager: true,
}) as Readonly<Record<string, string>>;

/** KaTeX's style sheet with its fonts in it, in the one form that every browser of today reads. */
export function formulaStyleWithFonts(): string {
  const byName = new Map(Object.entries(fonts).map(([path, url]) => [path.split('/').at(-1), url]));
  return formulaStyle.replace(
    /src:url\(fonts\/([\w-]+\.woff2)\) format\("woff2"\)[^};]*/g,
    (_source, name: string) => `src:url(${byName.get(name)!}) format("woff2")`,
  );
}

export const pageStyle = `
:root {
  --ground: #faf7f2; --text: #22262a; --soft: #5c6066; --line: #e2dacc; --accent: #1f5f86;
  --user: #efe6d5; --code: #f4f0e8; --danger: #a4352a;
  --keyword: #8a3b12; --string: #2f6b3a; --number: #7a4b00; --title: #1f5f86; --comment: #6d6a62;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #171a1c; --text: #e9e6e0; --soft: #a7adb2; --line: #33393d; --accent: #7cc0e4;
    --user: #2b2a25; --code: #101315; --danger: #f0998c;
    --keyword: #e6a97f; --string: #a5cf9b; --number: #e0c07f; --title: #8cc8ea; --comment: #8f969b;
    color-scheme: dark;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.55 system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: anywhere; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.2em 0 0.4em; break-after: avoid; }
h1 { font-size: 1.6rem; margin-top: 0; }
h2 { font-size: 0.95rem; color: var(--soft); margin: 0 0 0.25rem; }
h3 { font-size: 1.3rem; } h4 { font-size: 1.15rem; } h5, h6 { font-size: 1rem; }
a { color: var(--accent); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; color: var(--soft); font-size: 0.875rem; margin: 0; }
dt { font-weight: 600; } dd { margin: 0; white-space: pre-wrap; }
header, .branch { border-bottom: 1px solid var(--line); padding-bottom: 1rem; margin-bottom: 1.25rem; }
.branch { margin-top: 3rem; font-size: 1.15rem; }
article { margin: 0 0 1.75rem; }
.user .text { background: var(--user); border-radius: 0.9rem; padding: 0.6rem 1rem; }
.about, .attached { color: var(--soft); font-size: 0.8125rem; margin: 0 0 0.4rem; }
.error { color: var(--danger); }
.words { white-space: pre-wrap; unicode-bidi: plaintext; }
p, ul, ol, blockquote, .table, .code { margin: 0 0 0.75em; }
.text > :last-child { margin-bottom: 0; }
li > p:last-child { margin-bottom: 0; }
blockquote { border-inline-start: 3px solid var(--line); padding-inline-start: 0.9rem; color: var(--soft); margin-inline: 0; }
details { border-inline-start: 3px solid var(--line); padding-inline-start: 0.9rem; color: var(--soft); margin-bottom: 0.75em; }
summary { cursor: pointer; font-size: 0.8125rem; }
code, pre { font-family: ui-monospace, 'Cascadia Code', 'SF Mono', 'DejaVu Sans Mono', monospace; font-size: 0.85em; }
:not(pre) > code { background: var(--code); border-radius: 4px; padding: 0.1em 0.3em; }
.code { background: var(--code); border: 1px solid var(--line); border-radius: 8px; }
.language { color: var(--soft); font-size: 0.75rem; padding: 0.3rem 0.9rem 0; }
pre { margin: 0; padding: 0.6rem 0.9rem; overflow-x: auto; }
.table { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border: 1px solid var(--line); padding: 0.3rem 0.7rem; text-align: start; }
.center { text-align: center; } .right { text-align: right; } .left { text-align: left; }
hr { border: 0; border-top: 1px solid var(--line); margin: 1.2em 0; }
.katex-display { overflow: auto hidden; padding-block: 2px; margin: 0.4em 0; }
.hljs-keyword, .hljs-built_in, .hljs-meta { color: var(--keyword); }
.hljs-string, .hljs-regexp, .hljs-addition { color: var(--string); }
.hljs-number, .hljs-literal, .hljs-symbol { color: var(--number); }
.hljs-title, .hljs-section, .hljs-name, .hljs-attr, .hljs-attribute { color: var(--title); }
.hljs-comment, .hljs-quote, .hljs-deletion { color: var(--comment); }
@media print {
  :root { --ground: #fff; }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  pre { white-space: pre-wrap; }
  tr, .katex-display, li { break-inside: avoid; }
  .user .text, .code { print-color-adjust: exact; }
}
`;
