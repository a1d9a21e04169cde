/** What the doctor says of good prompts, and of templates that are made up to be bad. */
import type { Token } from 'node-llama-cpp';
import { expect, test } from 'vitest';
import { findingsOf } from '../../../../../main/engine/doctor/findings.js';
import { familyTemplate } from '../../../../../main/engine/templates/family-template.js';
import { ownTemplate } from '../../../../../main/engine/templates/own-template.js';
import type { PromptTemplate } from '../../../../../main/engine/templates/template.js';
import { sourcedTokens, type Vocabulary } from '../../../../../main/engine/tokens.js';
import type { PromptMessage } from '../../../../../preload/contract/engine.js';

const [bos, eos, imStart, imEnd] = [1, 2, 3, 4] as Token[];
const letters = (text: string) => [...text].map((letter) => (letter.codePointAt(0)! + 10) as Token);
const llama: Vocabulary = {
  controlTokens: new Map([
    ['<s>', bos!],
    ['</s>', eos!],
  ]),
  size: 1000,
  nameOf: () => '',
  tokenTexts: () => [],
  bos: bos!,
  addBos: true,
  tokenize: letters,
};
const withIm: Vocabulary = {
  ...llama,
  controlTokens: new Map([...llama.controlTokens, ['<|im_start|>', imStart!], ['<|im_end|>', imEnd!]]),
};
const marks = { bosText: '<s>', eosText: '</s>' };
const question: PromptMessage[] = [{ role: 'user', text: 'Hello!' }];

function warnings(
  template: PromptTemplate,
  vocabulary: Vocabulary,
  { messages = question, ends = [eos!] }: { messages?: PromptMessage[]; ends?: Token[] } = {},
) {
  const segments = template.render(messages);
  return findingsOf({
    template,
    vocabulary,
    segments,
    tokens: sourcedTokens(segments, vocabulary, (tokens) =>
      tokens.map((token) => String.fromCodePoint(token - 10)).join(''),
    ),
    isEnd: (token) => ends.includes(token),
    hasSystemPrompt: messages.some(({ role }) => role === 'system'),
    warning: null,
  });
}
const texts = (found: ReturnType<typeof warnings>, level: string) =>
  found.filter((finding) => finding.level === level).map(({ text }) => text);

test('Vicuna on its own vocabulary is sound', () => {
  const found = warnings(familyTemplate('vicuna-v1.1'), llama);
  expect(texts(found, 'warning')).toEqual([]);
  expect(texts(found, 'good')).toEqual([
    'BOS (<s>) stands once, at the start.',
    'Replies end with </s>, an end token of this model.',
    'A reply that goes on as the user stops at “USER:”.',
  ]);
});

test('a template that writes BOS twice is told; it is sent once', () => {
  const twice = ownTemplate(
    `{{ bos_token + bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}`,
    marks,
  );
  expect(texts(warnings(twice, llama), 'warning')).toContain(
    'The template writes BOS (<s>) twice at the start. It is sent once.',
  );
});

test('BOS that stands only inside the prompt, or twice there, is told', () => {
  const inside = ownTemplate(`{% for m in messages %}Q:{{ bos_token + m.content }}{% endfor %}`, marks);
  expect(texts(warnings(inside, { ...llama, addBos: false }), 'warning')).toContain(
    'BOS (<s>) stands inside the prompt but not at its start.',
  );
  const double = ownTemplate(
    `{% for m in messages %}Q:{{ bos_token + bos_token + m.content }}{% endfor %}`,
    marks,
  );
  expect(texts(warnings(double, llama), 'warning')).toContain(
    'BOS (<s>) stands twice in a row inside the prompt.',
  );
});

test('an end mark that is no token of the model is told', () => {
  expect(texts(warnings(familyTemplate('chatml'), llama), 'warning')).toEqual([
    '<|im_end|> should end a reply, but it is no token of this model: it is sent as 10 pieces of text, which the model never learned to write as an end.',
  ]);
});

test('an end mark that the file does not list as an end is told', () => {
  const found = warnings(familyTemplate('chatml'), withIm);
  expect(texts(found, 'warning')[0]).toContain('does not list it as an end token');
  expect(texts(warnings(familyTemplate('chatml'), withIm, { ends: [imEnd!] }), 'warning')).toEqual([]);
});

test('stop strings without the head of a user turn are told', () => {
  const careless: PromptTemplate = { ...familyTemplate('vicuna-v1.1'), stops: ['</s>'] };
  expect(texts(warnings(careless, llama), 'warning')).toEqual([
    'No stop string holds a reply that goes on as the user with “USER:”.',
  ]);
});

test('a system prompt that is not sent is told', () => {
  const messages: PromptMessage[] = [{ role: 'system', text: 'Be brief.' }, ...question];
  expect(texts(warnings(familyTemplate('koala'), llama, { messages }), 'warning')).toEqual([
    'This template has no place for a system prompt: yours is not sent.',
  ]);
  expect(texts(warnings(familyTemplate('vicuna-v1.1'), llama, { messages }), 'warning')).toEqual([]);
});

test('marks that people typed are noted, a space at the end is warned of', () => {
  const messages: PromptMessage[] = [{ role: 'user', text: 'What is </s>?' }];
  expect(texts(warnings(familyTemplate('koala'), llama, { messages }), 'note')).toEqual([
    '</s> in your texts is sent as plain text: nobody ends a turn by typing it.',
  ]);
  const spaced = ownTemplate(`{% for m in messages %}Q:{{ m.content }} A: {% endfor %}`, marks);
  expect(texts(warnings(spaced, llama), 'warning')).toContain(
    'The prompt ends with a space. Words begin with their own space for most models, so replies get worse.',
  );
});
