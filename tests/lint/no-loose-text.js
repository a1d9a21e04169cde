/** Owns the rule that every text shown to the user goes through `t` (or `msg`), so that it can be translated. */

const letters = /\p{L}{2}/u;
/** A sentence or a heading; three plain words; never SQL, paths or names of things. */
const sentence = /^\P{L}*\p{Lu}?\p{Ll}+[’,.:;…]? (\S+ )*[\p{L}“(]/u;
const words = /^\p{Ll}+( [\p{Ll}’]+){2,}/u;
const capitalised = /^\p{Lu}\p{Ll}+( .*)?[…:.?!]?$/u;
/** Names that are the same everywhere. */
const names = /^\P{L}*(Altiplano|Hugging Face|Ollama|[kMG]B|Esc|Ctrl|Enter|Tab|F\d+)\P{L}*$/u;

const set = (words) => new Set(words.split(' '));

/** Attributes, and keys of objects, whose words are shown. */
const shown = set(
  'title placeholder alt label aria-label aria-description aria-valuetext ' +
    'text hint heading message does note description name',
);
/** Keys of what is said to programs and developers alone. */
const hidden = set('code id kind type class style keys details serviceName purpose authorization');
/** Functions that put what they are given into words, or do not show it. */
const calls = set(
  't msg log problem warn error info Error TypeError RangeError RegExp prepare exec pragma func ' +
    'querySelector querySelectorAll closest matches matchMedia getAttribute setAttribute reveal ' +
    'includes startsWith endsWith split',
);

const named = (callee) => callee.property?.name ?? callee.name ?? '';

/** What a literal says, a placeholder for each expression in it; null for what is no text. */
function said(node) {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  return node.quasis.map(({ value }) => value.cooked).join('x');
}

/** Whether this place of a text is one that no user sees, or that `t` has. */
function isExempt(node) {
  for (let child = node, at = node.parent; at; child = at, at = at.parent) {
    if (at.type.startsWith('TS') && !/^TS(As|Satisfies|NonNull)/.test(at.type)) return true;
    if (/^(Import|Export)/.test(at.type) && at.source === child) return true;
    if (at.type === 'TaggedTemplateExpression') return true;
    if (at.type === 'SwitchCase' && at.test === child) return true;
    if (at.type === 'BinaryExpression' && /^[!=]==$|^in$/.test(at.operator)) return true;
    if (at.type === 'MemberExpression' && at.property === child) return true;
    if (at.type === 'Property') return at.key === child || hidden.has(at.key.name ?? at.key.value);
    if (at.type === 'CallExpression' || at.type === 'NewExpression') return calls.has(named(at.callee));
    if (/Function|Statement|Declarat|^Svelte/.test(at.type)) return false;
  }
  return false;
}

const isIn = (node, kind) => {
  for (let at = node.parent; at; at = at.parent) if (at.type === kind) return at;
  return null;
};

export default {
  meta: {
    type: 'problem',
    messages: { loose: '“{{text}}” is said without t(): it could not be translated.' },
    schema: [],
  },
  create(context) {
    const report = (node, text) =>
      context.report({ node, messageId: 'loose', data: { text: text.trim().slice(0, 60) } });
    const literal = (node) => {
      const text = said(node);
      if (text === null || !letters.test(text) || names.test(text)) return;
      const inMarkup = isIn(node, 'SvelteMustacheTag') ?? isIn(node, 'SvelteAttribute');
      const isShown = node.parent.type === 'Property' && shown.has(node.parent.key.name);
      const isText =
        (sentence.test(text) && /^\P{L}*\p{Lu}/u.test(text)) ||
        words.test(text) ||
        ((inMarkup !== null || isShown) && capitalised.test(text));
      if (isText && !isExempt(node)) report(node, text);
    };
    return {
      Literal: literal,
      TemplateLiteral: literal,
      SvelteText(node) {
        const element = node.parent.name?.name ?? '';
        if (/^(style|script|code|kbd|pre|samp)$/.test(element) || node.parent.type === 'SvelteStyleElement')
          return;
        if (letters.test(node.value) && !names.test(node.value)) report(node, node.value);
      },
      SvelteLiteral(node) {
        if (node.parent.type !== 'SvelteAttribute' || !shown.has(node.parent.key.name)) return;
        if (node.parent.key.name === 'name' && !/^\p{Lu}\p{Ll}+ /u.test(node.value)) return;
        if (letters.test(node.value) && !names.test(node.value)) report(node, node.value);
      },
    };
  },
};
