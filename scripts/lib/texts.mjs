/** Owns finding the texts that the app says, and what is wrong with a catalogue of their translations; pure but for reading. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { parse } from 'svelte/compiler';
import ts from 'typescript';
import { inProject } from './paths.mjs';

/** Shipped files with words for people, and under which keys they have them, at any depth. */
const shipped = [
  { path: 'resources/grammars', keys: ['does'] },
  { path: 'resources/presets', keys: ['does'] },
  { path: 'resources/prompts', keys: ['does'] },
  {
    path: 'resources/catalog',
    keys: [
      ...['summary', 'history', 'training', 'quirks', 'how', 'note', 'withoutGguf', 'licence'],
      ...['text', 'told', 'right', 'verdict', 'data'],
    ],
  },
];

/** Every text of the app once, and what is wrong with how they are said. */
export function findTexts() {
  const found = [
    ...['main', 'preload', 'renderer'].flatMap((folder) =>
      filesIn(folder, /\.(svelte|ts)$/).flatMap((path) => textsOf(path, read(path))),
    ),
    ...shipped.flatMap(({ path, keys }) =>
      filesIn(path, /\.json$/).flatMap((file) => textsUnder(JSON.parse(read(file)), keys)),
    ),
  ];
  return {
    texts: [...new Set(found.flatMap(({ text }) => text ?? []))],
    problems: found.flatMap(({ problem }) => problem ?? []),
  };
}

const read = (path) => readFileSync(inProject(path), 'utf8');

const filesIn = (folder, kind) =>
  readdirSync(inProject(folder), { recursive: true })
    .filter((path) => kind.test(path))
    .map((path) => join(folder, path))
    .sort();

/** The arguments of `t` and `msg` in a source file. */
export function textsOf(path, source) {
  const found = [];
  const said = (call, text, given, line) => {
    // Those of a table are given where it is shown, and spread ones can't be told.
    const values = call === 'msg' || given.includes(undefined) ? null : given.sort();
    const problem = (what) => found.push({ problem: `${path}:${line}: ${what}` });
    const names = placeholders(text);
    // A text without values is said as it stands, whatever its braces.
    if (names === null && values?.length > 0) problem(`“${text}” can’t be read`);
    else if (names !== null && values !== null && values.join() !== names.join()) {
      problem(`“${text}” is given the values ${values.join(', ') || 'none'}`);
    }
    found.push({ text });
  };
  if (path.endsWith('.svelte')) walkSvelte(source, said);
  else walkTypeScript(path, source, said);
  return found;
}

/** The keys of an object in the source; undefined among them for what is not written out there. */
const keysOf = (object, keyOf) =>
  object === undefined ? [] : (object.properties?.map(keyOf) ?? [undefined]);

function walkTypeScript(path, source, said) {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const visit = (node) => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const [text, values] = node.arguments;
      const name = node.expression.text;
      if ((name === 't' || name === 'msg') && text !== undefined && ts.isStringLiteralLike(text)) {
        const { line } = file.getLineAndCharacterOfPosition(node.getStart());
        said(
          name,
          text.text,
          keysOf(values, ({ name }) => name?.text),
          line + 1,
        );
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}

function walkSvelte(source, said) {
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (node.type === 'CallExpression' && (node.callee.name === 't' || node.callee.name === 'msg')) {
      const [text, values] = node.arguments;
      const string =
        text?.type === 'Literal' ? text.value : text?.quasis?.length === 1 && text.quasis[0].value.cooked;
      if (typeof string === 'string') {
        const line = source.slice(0, node.start).split('\n').length;
        said(
          node.callee.name,
          string,
          keysOf(values, ({ key }) => key?.name),
          line,
        );
      }
    }
    for (const [key, child] of Object.entries(node)) if (key !== 'parent') visit(child);
  };
  const { instance, module, fragment } = parse(source, { modern: true });
  for (const part of [module, instance, fragment]) visit(part);
}

const textsUnder = (value, keys, isUnder = false) =>
  typeof value === 'string'
    ? isUnder && value !== ''
      ? [{ text: value }]
      : []
    : Object.entries(value ?? {}).flatMap(([key, child]) =>
        textsUnder(child, keys, Array.isArray(value) ? isUnder : keys.includes(key)),
      );

/** The names of the values that a text needs, sorted; null where it is not in ICU MessageFormat. */
function placeholders(text, language = 'en') {
  const names = new Set();
  const visit = (parts) => {
    for (const part of parts) {
      // Literals (0) and the number sign of plurals (7) have none.
      if (part.type !== 0 && part.type !== 7) names.add(part.value);
      for (const option of Object.values(part.options ?? {})) visit(option.value);
    }
  };
  try {
    visit(new IntlMessageFormat(text, language, undefined, { ignoreTag: true }).getAst());
  } catch {
    return null;
  }
  return [...names].sort();
}

/** What is wrong with a catalogue: a sentence for each text that it lacks, has for nothing, or has with other values. */
export function catalogueProblems(language, catalogue, texts) {
  const known = new Set(texts);
  return [
    ...texts.filter((text) => !catalogue[text]).map((text) => `${language} lacks “${text}”`),
    ...Object.entries(catalogue).flatMap(([text, translation]) => {
      if (!known.has(text)) return `${language} has “${text}”, which nobody says`;
      const wanted = placeholders(text);
      return wanted === null || wanted.join() === placeholders(translation, language)?.join()
        ? []
        : `${language} has other values in “${translation}” than in “${text}”, or can’t be read`;
    }),
  ];
}
